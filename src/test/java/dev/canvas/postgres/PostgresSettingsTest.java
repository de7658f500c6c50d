package dev.canvas.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a URI of Postgres is read: as libpq reads it. */
class PostgresSettingsTest {

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "postgresql://u:p@h:1/d|u|p|h:1|d",
        "postgres://u@h|u||h:5432|u",
        "postgresql://u:a+b%20c@h/d|u|a+b c|h:5432|d",
        "postgresql://u:%40%3A%2F%3F%23%25@h/d|u|@:/?#%|h:5432|d",
        "postgresql://u:p?q@h/d|u|p?q|h:5432|d",
        "postgresql://u:p:q@h/d|u|p:q|h:5432|d",
        "postgresql://u:p@q@h/d|u|p@q|h:5432|d",
        "postgresql://u@[::1]:1/d|u||[::1]:1|d",
        "postgresql://u@[2001:db8::7]/d|u||[2001:db8::7]:5432|d",
        "postgresql://u@a,b:2,[::1]:3/d|u||a:5432,b:2,[::1]:3|d",
        "postgresql://u@/d|u||localhost:5432|d",
        "postgresql:///d?user=u&host=h&port=7&password=a%26b|u|a&b|h:7|d",
        "postgresql://u@a:1/d?host=b&port=2|u||b:2|d",
        "postgresql://u@/d?host=a,b&port=7|u||a:7,b:7|d",
        "postgresql://u@/d?host=/var/run/postgresql|u||/var/run/postgresql/.s.PGSQL.5432|d",
        "postgresql://u@%2Ftmp:6/d|u||/tmp/.s.PGSQL.6|d",
        "postgresql://h?user=u&dbname=%C3%A4|u||h:5432|ä",
      })
  void readsTheUriAsLibpqDoes(
      String uri, String user, String password, String hosts, String database) {
    PostgresSettings settings = PostgresSettings.of(uri, Map.of("PGPASSFILE", emptyFile()));
    assertEquals(user, settings.user());
    assertEquals(password, settings.hosts().get(0).password());
    assertEquals(
        hosts, String.join(",", settings.hosts().stream().map(PostgresHost::toString).toList()));
    assertEquals(database, settings.database());
    assertEquals(
        "postgresql://%s%s@%s/%s".formatted(user, password == null ? "" : ":…", hosts, database),
        settings.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mysql://h/d|a URI such as postgresql://",
        "postgresql://h:port/d|a URI such as postgresql://",
        "postgresql://h:70000/d|a URI such as postgresql://",
        "postgresql://[::1/d|a URI such as postgresql://",
        "postgresql://u:p%4@h/d|a % in the URI as %25",
        "postgresql://u:p%00@h/d|a % in the URI as %25",
        "postgresql://h/d?sslmode|parameters of the form name=value",
        "postgresql://h/d?options=-cx=y|parameters of the form name=value",
        "postgresql://h/d?sslmod=require|no parameter 'sslmod'",
        "postgresql://h/d?currentSchema=shop|options=-csearch_path%3D… instead of the parameter 'currentSchema'",
        "postgresql://h/d?search_path=shop|instead of the parameter 'search_path'",
        "postgresql://h/d?sslmode=on|sslmode to be disable",
        "postgresql://h/d?sslrootcert=system&sslmode=require|sslmode=verify-full with sslrootcert=system",
        "postgresql://h/d?sslrootcert=/nowhere/ca.pem|and '/nowhere/ca.pem' cannot",
        "postgresql://h/d?sslcert=/nowhere/c.pem|both sslcert and sslkey",
        "postgresql://h/d?connect_timeout=soon|connect_timeout to be a whole number",
        "postgresql://h/d?target_session_attrs=standby|because Canvas writes",
        "postgresql://a,b/d?port=1,2,3|as many ports",
        "postgresql://a,b/d?hostaddr=127.0.0.1|as many ports, and values of hostaddr",
        "postgresql://u@h/d?passfile=/nowhere/pass|and '/nowhere/pass' cannot",
        "postgresql://h/d?service=shop|and '/nowhere/services' cannot",
      })
  void refusesWhatItCannotUse(String uri, String expected) {
    Map<String, String> environment = Map.of("PGSERVICEFILE", "/nowhere/services");
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    PostgresSettings.of(
                        uri.replaceFirst("//(?!u[:@]|\\[)", "//me:secret@"), environment))
            .getMessage();
    assertTrue(message.contains(expected), message);
    assertEquals(1, message.lines().count(), message);
    assertFalse(message.contains("secret"), message);
  }

  @Test
  void passwordFileIsThatOfLibpq() throws IOException {
    Path file = directory.resolve("pass");
    Files.writeString(
        file,
        """
        # a comment
        h:5432:d:other:no
        h:*:d:u:a\\:b\\\\c:d
        localhost:5432:*:u:by socket
        *:*:*:*:any
        """);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertEquals("a:b\\c:d", password("postgresql://u@h:7/d", file));
    assertEquals("any", password("postgresql://u@h/other", file));
    assertEquals("by socket", password("postgresql://u@/d?host=/tmp", file));
    assertEquals("given", password("postgresql://u:given@h/d", file));
    assertEquals("a:b\\c:d", password("postgresql://u@h/d?passfile=" + file, null));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    String refused =
        assertThrows(IllegalArgumentException.class, () -> password("postgresql://u@h/d", file))
            .getMessage();
    assertTrue(refused.contains("chmod 600 " + file), refused);
  }

  @Test
  void serviceFileGivesWhatTheUriDoesNot() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("services"),
            """
            # a comment
            [other]
            host=other
            [shop]
            host=a,b
            port=1,2
            user=seller
            dbname=canvas

            sslmode=disable
            """);
    PostgresSettings settings =
        PostgresSettings.of(
            "postgresql://me@?service=shop",
            Map.of("PGSERVICEFILE", file.toString(), "PGPASSFILE", emptyFile()));
    assertEquals("postgresql://me@a:1,b:2/canvas", settings.toString());
    assertEquals(PostgresSettings.SslMode.DISABLE, settings.mode());
    assertTrue(
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    PostgresSettings.of(
                        "postgresql://?service=none", Map.of("PGSERVICEFILE", file.toString())))
            .getMessage()
            .contains("'none' is none"));
  }

  @Test
  void severalHostsHaveToBeWritable() {
    assertFalse(PostgresSettings.of("postgresql://u:p@h/d").writable());
    assertTrue(PostgresSettings.of("postgresql://u:p@a,b/d").writable());
    assertFalse(PostgresSettings.of("postgresql://u:p@a,b/d?target_session_attrs=any").writable());
  }

  @Test
  void withoutAFileThereIsNoPassword() {
    assertNull(password("postgresql://u@h/d", Path.of(emptyFile())));
  }

  private static String password(String uri, Path file) {
    Map<String, String> environment =
        file == null ? Map.of() : Map.of("PGPASSFILE", file.toString());
    return PostgresSettings.of(uri, environment).hosts().get(0).password();
  }

  private String emptyFile() {
    try {
      Path file = directory.resolve("empty");
      if (!Files.exists(file)) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
      return file.toString();
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
