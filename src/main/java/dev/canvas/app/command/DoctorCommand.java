package dev.canvas.app.command;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.doctor.Doctor;
import dev.canvas.app.doctor.Finding;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Reports problems of the configuration, the machine and the stores, with remedies. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Checks the configuration, this machine, the store and Redis, and suggests remedies.",
      "Beside a Canvas that is up, it checks the stores of that one.",
      "Changes nothing but a key in Redis that lives for a second.",
      "Exits with 0 if all is well or only warned of, with 1 if the service cannot run or cannot"
          + " use a server, with 2 for an invalid command line."
    })
public final class DoctorCommand implements Callable<Integer> {

  @Option(names = "--json", description = "prints the findings as JSON, for programs")
  private boolean json;

  @Mixin private ConfigurationOption option;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Configuration configuration = option.tellAndLoad(spec.commandLine().getErr());
    List<Finding> findings =
        Doctor.examine(
            configuration,
            new ManagementPort(configuration.management()).canvas(),
            Path.of(UpCommand.DATA_DIRECTORY));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(report(findings).encodePrettily());
    } else {
      findings.forEach(finding -> print(out, finding));
      out.printf(
          "%n%d findings: %d ok, %d warnings, %d failures%n",
          findings.size(),
          count(findings, Finding.Verdict.OK),
          count(findings, Finding.Verdict.WARN),
          count(findings, Finding.Verdict.FAIL));
    }
    out.flush();
    return count(findings, Finding.Verdict.FAIL) == 0 ? 0 : 1;
  }

  private static JsonObject report(List<Finding> findings) {
    JsonObject report = new JsonObject();
    for (Finding.Verdict verdict : Finding.Verdict.values()) {
      report.put(verdict.name().toLowerCase(Locale.ROOT), count(findings, verdict));
    }
    return report.put("findings", new JsonArray(findings.stream().map(Finding::toJson).toList()));
  }

  private static void print(PrintWriter out, Finding finding) {
    out.printf("%-4s  %-22s %s%n", finding.verdict(), finding.subject(), finding.observation());
    if (!finding.remedy().isEmpty()) {
      out.printf("%-4s  %-22s → %s%n", "", "", finding.remedy());
    }
  }

  private static long count(List<Finding> findings, Finding.Verdict verdict) {
    return findings.stream().filter(finding -> finding.verdict() == verdict).count();
  }
}
