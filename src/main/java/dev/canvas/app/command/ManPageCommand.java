package dev.canvas.app.command;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the manual page, for those who package Canvas and those who read it with {@code man}. */
@Command(
    name = "generate-man-page",
    description = "Prints the manual page canvas(1): canvas generate-man-page | man -l -")
public final class ManPageCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    out.print(new ManPage(spec.root()).text());
    out.flush();
  }
}
