package dev.canvas.diagnosis;

import ch.qos.logback.classic.model.LevelModel;
import ch.qos.logback.classic.model.LoggerModel;
import ch.qos.logback.classic.model.RootLoggerModel;
import ch.qos.logback.core.ContextBase;
import ch.qos.logback.core.joran.event.SaxEvent;
import ch.qos.logback.core.joran.event.SaxEventRecorder;
import ch.qos.logback.core.joran.event.StartEvent;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.model.ImplicitModel;
import ch.qos.logback.core.model.Model;
import ch.qos.logback.core.status.Status;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Finds out what is wrong with a file of log settings. Logback says it in several statuses, does
 * not say where, and takes any word that is no level for DEBUG.
 */
final class LogMistakes {

  private static final Set<String> LEVELS =
      Set.of("OFF", "ERROR", "WARN", "INFO", "DEBUG", "TRACE", "ALL", "INHERITED", "NULL");

  /** The text of a {@code SAXParseException}. */
  private static final Pattern UNPARSABLE =
      Pattern.compile("SAXParseException;.* lineNumber: (-?\\d+); columnNumber: -?\\d+; (.*)");

  /** Comes before that text, and says nothing more. */
  private static final String NO_XML = "XML_PARSING";

  private static final Pattern UNKNOWN_ELEMENT =
      Pattern.compile("Ignoring unknown property \\[(.+?)] in .*");

  private final URL file;
  private final List<Model> elements = new ArrayList<>();
  private final List<String> found = new ArrayList<>();

  private LogMistakes(URL file, Model settings) {
    this.file = file;
    collect(settings);
  }

  /**
   * The mistakes, each beginning with its line if that is known; empty if there are none. What
   * Logback merely warns of is none.
   *
   * @param file that was read
   * @param settings what it holds; null if it is no XML
   * @param statuses what Logback had to say while it read the file
   */
  static List<String> of(URL file, Model settings, List<Status> statuses) {
    LogMistakes mistakes = new LogMistakes(file, settings);
    statuses.forEach(mistakes::add);
    IntStream.range(0, mistakes.elements.size()).forEach(mistakes::addIfNoLevel);
    return mistakes.found;
  }

  private void add(Status status) {
    Matcher unparsable = UNPARSABLE.matcher(status.getMessage());
    Matcher unknown = UNKNOWN_ELEMENT.matcher(status.getMessage());
    if (unparsable.find()) {
      String reason = Diagnosis.firstLine(unparsable.group(2));
      found.add("line %s: %s".formatted(unparsable.group(1), reason));
    } else if (unknown.matches()) {
      String name = unknown.group(1);
      found.add(
          IntStream.range(0, elements.size())
                  .filter(position -> isSkipped(elements.get(position), name))
                  .mapToObj(this::line)
                  .findFirst()
                  .orElse("")
              + "<"
              + name
              + "> is unknown here");
    } else if (status.getLevel() == Status.ERROR && !status.getMessage().contains(NO_XML)) {
      found.add(Diagnosis.firstLine(status.getMessage()));
    }
  }

  private static boolean isSkipped(Model element, String name) {
    return name.equals(element.getTag()) && element.isSkipped();
  }

  private void addIfNoLevel(int position) {
    String level = level(elements.get(position));
    // A variable may stand for any level.
    if (level != null
        && !level.isBlank()
        && !level.contains("$")
        && !LEVELS.contains(level.strip().toUpperCase(Locale.ROOT))) {
      found.add(
          "%s'%s' is no level: expected TRACE, DEBUG, INFO, WARN, ERROR or OFF"
              .formatted(line(position), level));
    }
  }

  private static String level(Model element) {
    if (element instanceof RootLoggerModel root) {
      return root.getLevel();
    }
    if (element instanceof LoggerModel logger) {
      return logger.getLevel();
    }
    if (element instanceof LevelModel level) {
      return level.getValue();
    }
    return element instanceof ImplicitModel && "level".equals(element.getTag())
        ? element.getBodyText()
        : null;
  }

  /** The line of an element, as the start of a sentence. Logback does not keep that of each. */
  private String line(int position) {
    Model element = elements.get(position);
    if (element.getLineNumber() > 0) {
      return "line " + element.getLineNumber() + ": ";
    }
    List<Integer> lines = new ArrayList<>();
    for (SaxEvent event : events()) {
      if (event instanceof StartEvent start && start.getLocalName().equals(element.getTag())) {
        lines.add(start.getLocator().getLineNumber());
      }
    }
    return named(element.getTag(), elements.size()) == lines.size()
        ? "line " + lines.get(named(element.getTag(), position)) + ": "
        : "";
  }

  /** How many of the first elements have a name. */
  private int named(String name, int count) {
    return (int)
        elements.subList(0, count).stream().filter(other -> name.equals(other.getTag())).count();
  }

  private List<SaxEvent> events() {
    SaxEventRecorder recorder = new SaxEventRecorder(new ContextBase());
    try (InputStream settings = file.openStream()) {
      recorder.recordEvents(settings);
    } catch (IOException | JoranException changed) {
      return List.of();
    }
    return recorder.getSaxEventList();
  }

  /** In the order of the file. */
  private void collect(Model element) {
    if (element != null) {
      elements.add(element);
      element.getSubModels().forEach(this::collect);
    }
  }
}
