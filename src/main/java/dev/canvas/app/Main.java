package dev.canvas.app;

import dev.canvas.app.command.CdsTrainingCommand;
import dev.canvas.app.command.ClusterCommand;
import dev.canvas.app.command.DoctorCommand;
import dev.canvas.app.command.ExportCommand;
import dev.canvas.app.command.KeyCommand;
import dev.canvas.app.command.ManPageCommand;
import dev.canvas.app.command.MediaCommand;
import dev.canvas.app.command.ScaleCommand;
import dev.canvas.app.command.SeedCommand;
import dev.canvas.app.command.ServeCommand;
import dev.canvas.app.command.SettingsCommand;
import dev.canvas.app.command.UpCommand;
import dev.canvas.app.command.Version;
import dev.canvas.app.command.VersionCommand;
import dev.canvas.app.config.StartFailure;
import dev.canvas.embedded.EmbeddedServersException;
import dev.canvas.media.Redactor;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The entry point: parses the command line and runs one command. */
@Command(
    name = "canvas",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Serves the pictures and videos of product pages.",
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "Settings come from conf/canvas.yaml beside the launcher and from the environment, where"
          + " http.port is CANVAS_HTTP_PORT.",
      "Exit codes: 0 success, 1 refused or failed, 2 invalid usage."
    })
public final class Main implements Runnable {

  private static final List<Class<?>> COMMANDS =
      List.of(
          UpCommand.class,
          ServeCommand.class,
          ScaleCommand.class,
          ClusterCommand.class,
          SeedCommand.class,
          ExportCommand.class,
          MediaCommand.class,
          KeyCommand.class,
          SettingsCommand.class,
          DoctorCommand.class,
          CdsTrainingCommand.class,
          VersionCommand.class,
          AutoComplete.GenerateCompletion.class,
          ManPageCommand.class,
          CommandLine.HelpCommand.class);

  private static final Map<String, Class<?>> SERVING =
      Map.of("up", UpCommand.class, "serve", ServeCommand.class);

  @Spec private CommandSpec spec;

  /** Runs a command and exits with its exit code. */
  public static void main(String[] arguments) {
    System.exit(commandLine(arguments).execute(arguments));
  }

  /**
   * Parses command lines like this one and runs their commands. If it starts the service, the other
   * commands are left out: to know them takes a tenth of a second of the start.
   */
  static CommandLine commandLine(String... arguments) {
    Class<?> starting = arguments.length == 0 ? null : SERVING.get(arguments[0]);
    CommandLine commandLine = new CommandLine(new Main());
    (starting == null ? COMMANDS : List.of(starting)).forEach(commandLine::addSubcommand);
    return commandLine
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(new UsageMistake())
        .setExecutionExceptionHandler(Main::report);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command");
  }

  /** Prints one line for a failure that the operator can fix, and a stack trace for a bug. */
  private static int report(
      Exception failure, CommandLine commandLine, CommandLine.ParseResult parsed) {
    if (failure instanceof StartFailure || failure instanceof EmbeddedServersException) {
      commandLine.getErr().println("canvas: " + Redactor.redact(failure.getMessage()));
    } else {
      StringWriter trace = new StringWriter();
      failure.printStackTrace(new PrintWriter(trace));
      commandLine.getErr().print(Redactor.redact(trace.toString()));
      commandLine.getErr().flush();
    }
    return CommandLine.ExitCode.SOFTWARE;
  }
}
