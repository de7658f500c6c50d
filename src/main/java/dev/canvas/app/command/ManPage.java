package dev.canvas.app.command;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The manual page canvas(1), written from the model of the commands, so that none of them and no
 * option is missing. It is roff with the macros of man(7), which every Unix renders. Immutable.
 */
final class ManPage {

  /** The end of the page: what the commands share. */
  private static final String SHARED =
      """
      .SH CONFIGURATION
      The settings come from the defaults, from a file, and from the environment, which overrides the
      file: the setting http.port is the variable CANVAS_HTTP_PORT. CANVAS_HTTP_PORT_FILE names a file
      with the value instead. conf/canvas.yaml lists all settings with their meaning.
      .SH ENVIRONMENT
      .TP
      .B CANVAS_POSTGRES_URI, CANVAS_REDIS_URI
      The servers, such as postgresql://user@host/canvas and redis://host.
      .TP
      .B CANVAS_AUTH_MODE
      Who may write: keys, jwt, or none. 'canvas serve' does not start without it.
      .TP
      .B CANVAS_JAVA_OPTS
      Options of the JVM, such as -Xmx1g.
      .TP
      .B JAVA_HOME
      The Java to use, version 17 or later; otherwise that of the PATH.
      .SH FILES
      .TP
      .I conf/canvas.yaml
      The settings, beside the launcher; /etc/canvas/canvas.yaml in the Debian package.
      .TP
      .I ~/.cache/canvas
      The archive of loaded classes, where the directory of the launcher cannot be written.
      .SH EXIT STATUS
      0 success, 1 refused or failed, 2 invalid usage, 3 an export that lacks products which cannot be
      read, 143 after SIGTERM.
      """;

  private final CommandSpec root;

  ManPage(CommandSpec root) {
    this.root = root;
  }

  /** The whole page. */
  String text() {
    StringBuilder page = new StringBuilder();
    page.append(".TH CANVAS 1 \"\" \"Canvas %s\" \"Canvas\"\n".formatted(Version.number()));
    page.append(".nh\n.ad l\n");
    String summary = String.join(" ", root.usageMessage().description()).replaceAll("\\.$", "");
    page.append(".SH NAME\n%s \\- %s\n".formatted(root.name(), escaped(summary)));
    page.append(".SH SYNOPSIS\n").append(synopsis(root));
    page.append(".SH OPTIONS\n");
    root.options().stream().filter(option -> !option.hidden()).forEach(o -> append(page, o));
    page.append(".SH COMMANDS\n");
    root.subcommands().values().stream()
        .map(command -> command.getCommandSpec())
        .filter(command -> !command.usageMessage().hidden())
        .forEach(command -> append(page, command));
    return page + SHARED.replace("-", "\\-");
  }

  private static void append(StringBuilder page, CommandSpec command) {
    page.append(".SS %s\n".formatted(escaped(command.name()))).append(synopsis(command));
    page.append(".PP\n").append(paragraph(command.usageMessage().description()));
    for (PositionalParamSpec parameter : command.positionalParameters()) {
      if (!parameter.hidden()) {
        page.append(".TP\n.I %s\n".formatted(escaped(parameter.paramLabel())));
        page.append(paragraph(parameter.description()));
      }
    }
    command.options().stream()
        .filter(option -> !option.hidden() && !option.usageHelp() && !option.versionHelp())
        .forEach(option -> append(page, option));
  }

  private static void append(StringBuilder page, OptionSpec option) {
    String names =
        Arrays.stream(option.names())
            .map(name -> "\\fB" + escaped(name) + "\\fR")
            .collect(Collectors.joining(", "));
    String value = option.arity().max() == 0 ? "" : "=\\fI" + escaped(option.paramLabel()) + "\\fR";
    page.append(".TP\n%s%s\n".formatted(names, value)).append(paragraph(option.description()));
  }

  private static String synopsis(CommandSpec command) {
    Help help = new Help(command, Help.defaultColorScheme(Help.Ansi.OFF));
    return line(help.synopsis(0));
  }

  private static String paragraph(String[] lines) {
    return line(String.join(" ", List.of(lines)));
  }

  /** A line of text; one that begins with a dot or an apostrophe would be a macro. */
  private static String line(String text) {
    String escaped = escaped(text.replaceAll("\\s+|%n", " ").strip());
    return (escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" : "") + escaped + "\n";
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\e").replace("-", "\\-");
  }
}
