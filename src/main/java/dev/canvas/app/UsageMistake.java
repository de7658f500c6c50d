package dev.canvas.app;

import dev.canvas.media.Redactor;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Tells a mistake in a command line: what is wrong, what was expected, and what to do. The exit
 * code is that of invalid usage. Immutable.
 */
final class UsageMistake implements CommandLine.IParameterExceptionHandler {

  private static final String CONFIG = "--config";

  @Override
  public int handleParseException(ParameterException mistake, String[] arguments) {
    CommandLine command = mistake.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("canvas: " + Redactor.redact(inPlainWords(mistake.getMessage())));
    if (!UnmatchedArgumentException.printSuggestions(mistake, err)) {
      tellWhatIsExpected(command, mistake, err);
    }
    err.flush();
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  private static void tellWhatIsExpected(
      CommandLine command, ParameterException mistake, PrintWriter err) {
    CommandSpec spec = command.getCommandSpec();
    if (!command.getSubcommands().isEmpty()) {
      command.usage(err);
      return;
    }
    err.print(command.getHelp().fullSynopsis());
    if (mistake instanceof UnmatchedArgumentException unmatched
        && unmatched.isUnknownOption()
        && spec.findOption(CONFIG) != null) {
      err.println(
          "Settings, such as http.port, are no options: set them in the environment or in the"
              + " settings file; 'canvas settings' lists them");
    }
    err.println("'%s --help' explains each option".formatted(spec.qualifiedName()));
  }

  /** Picocli names the types of Java. */
  private static String inPlainWords(String message) {
    return message.replaceFirst(" is not an? (int|long)$", " is not a whole number");
  }
}
