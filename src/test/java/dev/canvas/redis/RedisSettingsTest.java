package dev.canvas.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a URI of Redis is read. */
class RedisSettingsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "redis://h|redis://h:6379|||0",
        "redis://h:7/3|redis://h:7/3|||3",
        "valkey://h?db=3|redis://h:6379/3|||3",
        "redis://u:p+%40%2F@h|redis://u:…@h:6379|u|p+@/|0",
        "redis://:p@h|redis://:…@h:6379||p|0",
        "redis://h?user=u&password=p|redis://u:…@h:6379|u|p|0",
        "redis://[::1]:7|redis://[::1]:7|||0",
        "rediss://u:p@h|rediss://u:…@h:6379|u|p|0",
        "valkeys://h|rediss://h:6379|||0",
        "unix:///run/redis.sock?db=2|unix:///run/redis.sock?db=2|||2",
        "redis-sentinel://u:p@a,b:7,c/m?db=2|redis-sentinel://u:…@a:26379,b:7,c:26379/m?db=2|u|p|2",
        "rediss-sentinel://a/m|rediss-sentinel://a:26379/m|||0",
      })
  void readsTheUri(String uri, String shown, String user, String password, int database) {
    RedisSettings settings = RedisSettings.of(uri);
    assertEquals(shown, settings.toString());
    assertEquals(user, settings.login().user());
    assertEquals(password, settings.login().password());
    assertEquals(database, settings.database());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "localhost|a URI such as redis://",
        "redis://:secret@h:port|a URI such as redis://",
        "redis://|a URI such as redis://",
        "unix://|a URI such as redis://",
        "redis://:secret@a,b|redis-sentinel:// with several Sentinels",
        "redis-sentinel://:secret@a,b|the name of the master",
        "redis://:secret@h/x|the number of a database",
        "redis://:secret@h?ssl=true|no parameter 'ssl'",
        "redis://:secret@h?cacert=x|rediss:// with the parameter 'cacert'",
        "rediss://:secret@h?cacert=/nowhere.pem|'/nowhere.pem' cannot",
        "rediss://:secret@h?cert=/nowhere.pem|both cert and key",
      })
  void refusesWhatItCannotUse(String uri, String expected) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> RedisSettings.of(uri)).getMessage();
    assertTrue(message.contains(expected), message);
    assertFalse(message.contains("secret"), message);
  }

  @Test
  void certificateIsCheckedUnlessTheUriSaysOtherwise() {
    assertTrue(RedisSettings.of("rediss://h").tls().checksName());
    assertFalse(RedisSettings.of("rediss://h?insecure=true").tls().checksName());
  }
}
