package dev.canvas.app.command;

import dev.canvas.app.doctor.Doctor;
import dev.canvas.app.doctor.Finding;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Reports problems of the configuration, the machine and the stores, with remedies. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Checks the configuration, this machine, the store and Redis, and suggests remedies.",
      "Changes nothing. Exits with 1 if the service cannot run."
    })
public final class DoctorCommand implements Callable<Integer> {

  @Mixin private ConfigurationOption option;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    List<Finding> findings = Doctor.examine(option.tellAndLoad(spec.commandLine().getErr()));
    PrintWriter out = spec.commandLine().getOut();
    findings.forEach(finding -> print(out, finding));
    long failures = count(findings, Finding.Verdict.FAIL);
    out.printf(
        "%n%d findings: %d ok, %d warnings, %d failures%n",
        findings.size(),
        count(findings, Finding.Verdict.OK),
        count(findings, Finding.Verdict.WARN),
        failures);
    out.flush();
    return failures == 0 ? 0 : 1;
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
