package dev.canvas.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.testing.Secrets;
import dev.canvas.testing.TestDatabase;
import dev.canvas.testing.TestServers;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Command lines of the {@link Corpus}: what they print, and how they end. They run in this JVM: one
 * of its own costs a second or two for each.
 */
class CommandLinesIT {

  @TempDir private static Path directory;
  private static TestDatabase database;
  private static ServerSocket taken;

  @BeforeAll
  static void create() throws IOException {
    database = new TestDatabase(TestServers.shared().postgresUri());
    taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @AfterAll
  static void drop() throws IOException {
    taken.close();
    database.close();
  }

  @TestFactory
  Stream<DynamicTest> commands() {
    return Corpus.rows("commands.tsv").stream()
        .map(row -> DynamicTest.dynamicTest(row.name(), () -> check(row)));
  }

  @Test
  void doctorFindsAMissingIndex() throws IOException {
    try (TestDatabase other = new TestDatabase(TestServers.shared().postgresUri())) {
      other.execute("create table product_media (product_id bigint, version bigint, media json)");
      Outcome found = run("doctor", "postgres.uri: " + other.uri());
      assertEquals(1, found.code(), found::output);
      assertTrue(found.output().contains("add primary key (product_id)"), found::output);
    }
  }

  @Test
  void helpAndTheVersionAreTheSameAsOptionsAndAsCommands() throws IOException {
    String help = run("--help", null).output();
    for (String command : new String[] {"up", "serve", "scale", "key", "doctor"}) {
      assertTrue(help.contains(" " + command + " "), help);
    }
    assertEquals(help, run("help", null).output());
    assertEquals(run("serve --help", null), run("help serve", null));
    assertEquals(run("--version", null), run("version", null));
  }

  private static void check(Corpus.Row row) throws IOException {
    // A row may have bytes that are no UTF-8.
    String input = named(new String(row.bytes(0), StandardCharsets.ISO_8859_1));
    String[] parts = input.split("(^| )\\|( |$)", 2);
    Outcome outcome = run(parts[0], parts.length == 1 ? null : parts[1]);
    String[] expected = named(row.expected()).split(" ", 2);
    assertEquals(Integer.parseInt(expected[0]), outcome.code(), outcome::output);
    for (String part : expected[1].split(" \\| ", -1)) {
      assertTrue(outcome.output().contains(part), () -> part + "\nis not in\n" + outcome.output());
    }
    if (outcome.code() == 1 && !parts[0].startsWith("doctor")) {
      assertEquals(1, reasons(outcome.output()).size(), outcome::output);
    }
  }

  /** An exit code, and all that was printed, in which blanks count as one. */
  private record Outcome(int code, String output) {}

  /**
   * Runs a command.
   *
   * @param settings what differs from the usual ones; null to read no file
   */
  private static Outcome run(String command, String settings) throws IOException {
    List<String> arguments = new ArrayList<>();
    Stream.of(command.split(" ")).filter(part -> !part.isEmpty()).forEach(arguments::add);
    if (settings != null) {
      Path file = directory.resolve("settings.yaml");
      Files.writeString(file, yaml(settings), StandardCharsets.ISO_8859_1);
      arguments.addAll(List.of("--config", file.toString()));
    }
    StringWriter printed = new StringWriter();
    CommandLine commandLine =
        Main.commandLine().setOut(new PrintWriter(printed)).setErr(new PrintWriter(printed));
    int code = commandLine.execute(arguments.toArray(String[]::new));
    commandLine.getOut().flush();
    commandLine.getErr().flush();
    assertFalse(Secrets.isShownIn(printed.toString()), printed::toString);
    return new Outcome(code, printed.toString().replaceAll(" +", " "));
  }

  /** Without what is said of the file of settings, and of variables of the tests. */
  private static List<String> reasons(String output) {
    return output
        .lines()
        .filter(line -> !line.startsWith("canvas: settings from "))
        .filter(line -> !line.startsWith("canvas: CANVAS_TEST_"))
        .toList();
  }

  private static String yaml(String changes) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("postgres.uri", database.uri());
    settings.put("redis.uri", TestServers.shared().redisUri());
    settings.put("auth.mode", "none");
    settings.put("http.host", "127.0.0.1");
    settings.put("http.port", "0");
    settings.put("management.port", "0");
    StringBuilder others = new StringBuilder();
    for (String change : changes.split(" \\| ", -1)) {
      String[] setting = change.split(": ", 2);
      if (change.startsWith("-")) {
        settings.remove(change.substring(1));
      } else if (setting.length == 2) {
        settings.put(setting[0], setting[1]);
      } else {
        others.append(change).append('\n');
      }
    }
    settings.forEach((key, value) -> others.append(key + ": " + value + "\n"));
    return others.toString();
  }

  private static String named(String text) {
    String redis = TestServers.shared().redisUri();
    return text.replaceAll("\\bDATABASE", database.uri())
        .replaceAll("\\bCACHE\\b", redis)
        .replaceAll("\\bPOSTGRES\\b", address(database.uri()))
        .replaceAll("\\bREDIS\\b", address(redis))
        .replaceAll("\\bPORT\\b", Integer.toString(taken.getLocalPort()));
  }

  private static String address(String uri) {
    URI server = URI.create(uri);
    return server.getHost() + ":" + server.getPort();
  }
}
