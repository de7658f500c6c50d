package dev.canvas.seed.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.canvas.media.ProblemException;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/** Valid and invalid requests for a load. */
class SeedRequestTest {

  @Test
  void aRequestSurvivesTheRoundTripThroughJson() {
    for (SeedRequest request :
        new SeedRequest[] {
          SeedRequest.generate(5, 10), SeedRequest.samples(13, 0), SeedRequest.resumeLast()
        }) {
      assertEquals(request, SeedRequest.of(request.toJson()));
    }
  }

  @Test
  void aNumberOutOfRangeIsRefusedWithTheRange() {
    assertEquals("rows -5: expected a number from 0 to 1099511627776", refusal("rows", -5));
    assertEquals("batch 1000001: expected a number from 0 to 1000000", refusal("batch", 1_000_001));
  }

  @Test
  void exactlyOneSourceIsRequiredUnlessTheLoadIsResumed() {
    assertEquals("Expected one source: a number of rows, a file, or the table", refusal("rows", 0));
    assertThrows(
        ProblemException.class,
        () -> SeedRequest.of(new JsonObject().put("rows", 1).put("file", "a.csv")));
    assertEquals(SeedRequest.resumeLast().maxErrors(), SeedRequest.of(resume()).maxErrors());
    assertEquals(100, SeedRequest.of(new JsonObject().put("rows", 1)).maxErrors());
  }

  @Test
  void unknownMembersAndValuesAreRefused() {
    assertThrows(
        ProblemException.class, () -> SeedRequest.of(resume().put("on_conflict", "perhaps")));
    assertThrows(ProblemException.class, () -> SeedRequest.of(resume().put("colour", "red")));
    assertThrows(ProblemException.class, () -> SeedRequest.of(resume().put("rows", "many")));
  }

  private static JsonObject resume() {
    return new JsonObject().put("resume", true);
  }

  private static String refusal(String member, long value) {
    JsonObject request = new JsonObject().put("rows", 1).put(member, value);
    return assertThrows(ProblemException.class, () -> SeedRequest.of(request)).getMessage();
  }
}
