package dev.canvas.media;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

class ProblemExceptionTest {

  @Test
  void aProblemWithMembersSurvivesTheBus() {
    ProblemException problem =
        Problem.ORDER_MISMATCH
            .because("Not those")
            .with("missing", JsonArray.of(1L))
            .with("unknown", new JsonArray());
    String text = problem.toJson().encode();
    assertEquals(
        "{\"type\":\"urn:canvas:problem:order-mismatch\",\"title\":\"Order mismatch\",\"status\":409,"
            + "\"detail\":\"Not those\",\"missing\":[1],\"unknown\":[]}",
        text);
    assertEquals(text, ProblemException.fromJson(text).toJson().encode());
  }

  @Test
  void aProblemWithoutMembersHasTheFourStandardOnes() {
    ProblemException read =
        ProblemException.fromJson(Problem.UNAVAILABLE.because("Away").toJson().encode());
    assertEquals(4, read.toJson().size());
    assertEquals(Problem.UNAVAILABLE, read.problem());
  }

  @Test
  void anyOtherTextBecomesAnInternalProblem() {
    for (String text : new String[] {"", "oops", "[]", "{}", "{\"type\":7}", "{\"type\":\"x\"}"}) {
      ProblemException read = ProblemException.fromJson(text);
      assertEquals(Problem.INTERNAL, read.problem());
      assertEquals(text, read.getMessage());
    }
  }

  @Test
  void textThatUtf8CannotEncodeIsReplaced() {
    ProblemException problem = Problem.MALFORMED_REQUEST.because("'%s' is none", "\ud800");
    assertEquals("'?' is none", new JsonObject(problem.toJson().toBuffer()).getString("detail"));
  }
}
