package dev.canvas.http.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WriteAccessTest {

  private final WriteAccess access =
      WriteAccess.byKey(
          new AccessSettings.Keys(
              List.of(AccessSettings.Keys.hash("first"), AccessSettings.Keys.hash("second"))));

  @Test
  void everyConfiguredKeyIsAccepted() {
    assertEquals(Optional.empty(), access.refusal("first"));
    assertEquals(Optional.empty(), access.refusal("second"));
  }

  @Test
  void otherKeysAreRefused() {
    for (String other :
        List.of("First", "firs", "firstsecond", AccessSettings.Keys.hash("first"))) {
      assertEquals(Optional.of(WriteAccess.Refusal.UNKNOWN_KEY), access.refusal(other), other);
    }
  }
}
