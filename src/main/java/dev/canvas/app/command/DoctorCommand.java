package dev.canvas.app.command;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.config.ConfigurationOption;
import dev.canvas.app.doctor.Finding;
import dev.canvas.app.doctor.MachineChecks;
import dev.canvas.app.doctor.RedisChecks;
import dev.canvas.app.doctor.WriteProtection;
import dev.canvas.app.server.Backend;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Tells what is wrong with the configuration, the machine and the stores, and how to mend it. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Looks at the configuration, this machine, the store and Redis, and says how to mend what is wrong.",
      "Changes nothing. Exits with 1 where the service could not run."
    })
public final class DoctorCommand implements Callable<Integer> {

  @Mixin private ConfigurationOption option;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Configuration configuration = option.load(spec.commandLine().getErr());
    List<Finding> findings = new ArrayList<>();
    findings.add(Finding.ok("configuration", "every setting is valid"));
    findings.add(WriteProtection.finding(configuration.http()));
    findings.addAll(new MachineChecks(configuration).findings());
    findings.addAll(Backend.of(configuration).findings());
    findings.addAll(new RedisChecks(configuration).findings());
    PrintWriter out = spec.commandLine().getOut();
    findings.forEach(finding -> print(out, finding));
    long failed = count(findings, Finding.Verdict.FAIL);
    out.printf(
        "%n%d findings: %d ok, %d warnings, %d failures%n",
        findings.size(),
        count(findings, Finding.Verdict.OK),
        count(findings, Finding.Verdict.WARN),
        failed);
    out.flush();
    return failed == 0 ? 0 : 1;
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
