package dev.canvas.http.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AccessSettingsTest {

  @Test
  void undecidedIsNotOpen() {
    assertThrows(
        IllegalArgumentException.class,
        () -> AccessHandler.of(null, AccessSettings.Undecided::new, new SimpleMeterRegistry()));
  }

  @Test
  void tokensNeedAKey() {
    assertThrows(IllegalArgumentException.class, () -> tokens(List.of()));
  }

  @Test
  void secretIsNotPrinted() {
    assertFalse(tokens(List.of("secret")).toString().contains("secret"));
  }

  @Test
  void hashIsSha256InHexadecimal() {
    // FIPS 180-2, appendix B.1.
    assertEquals(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        AccessSettings.Keys.hash("abc"));
  }

  private static AccessSettings tokens(List<String> keys) {
    return new AccessSettings.Tokens(
        "HS256", keys, Optional.empty(), "issuer", "audience", Duration.ZERO);
  }
}
