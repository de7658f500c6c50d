package dev.canvas.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is tried before a Redis is used is all that it is used for. */
class RedisRightsTest {

  private static final Path SCRIPTS = Path.of("src", "main", "resources", "dev", "canvas");
  private static final Pattern CALL = Pattern.compile("redis\\.p?call\\('([A-Z]+)'");

  @Test
  void everyCommandOfAScriptIsTried() throws IOException {
    Set<String> tried = commands(RedisRights.TRY);
    Set<String> used = new TreeSet<>();
    try (Stream<Path> files = Files.walk(SCRIPTS)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".lua")).toList()) {
        used.addAll(commands(Files.readString(file)));
      }
    }
    assertTrue(used.contains("PUBLISH"), used::toString);
    used.removeAll(tried);
    assertEquals(Set.of(), used, "commands that are not tried");
  }

  private static Set<String> commands(String script) {
    return CALL.matcher(script).results().map(call -> call.group(1)).collect(Collectors.toSet());
  }
}
