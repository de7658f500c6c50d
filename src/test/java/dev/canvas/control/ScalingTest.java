package dev.canvas.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScalingTest {

  @Test
  void aRequestIsReadFromJsonAndFromAPair() {
    Scaling expected = new Scaling(Role.DATA, 3);
    assertEquals(
        expected, Scaling.of(new JsonObject("{\"role\":\"data\",\"instances\":3,\"more\":1}")));
    assertEquals(expected, Scaling.parse("data=3"));
    assertEquals(expected, Scaling.of(expected.toJson()));
    assertEquals(new Scaling(Role.HTTP, 256), Scaling.parse("http=256"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"role\":\"data\"}",
        "{\"instances\":3}",
        "{\"role\":\"seed\",\"instances\":3}",
        "{\"role\":\"DATA\",\"instances\":3}",
        "{\"role\":3,\"instances\":3}",
        "{\"role\":null,\"instances\":3}",
        "{\"role\":\"data\",\"instances\":\"3\"}",
        "{\"role\":\"data\",\"instances\":3.5}",
        "{\"role\":\"data\",\"instances\":null}",
        "{\"role\":\"data\",\"instances\":0}",
        "{\"role\":\"data\",\"instances\":-1}",
        "{\"role\":\"data\",\"instances\":257}",
        "{\"role\":\"data\",\"instances\":3000000000}"
      })
  void anyOtherJsonIsMalformed(String json) {
    ProblemException refused =
        assertThrows(ProblemException.class, () -> Scaling.of(new JsonObject(json)));
    assertEquals(Problem.MALFORMED_REQUEST, refused.problem());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "data", "data=", "=3", "data=x", "data=3=4", "seed=1", "data=0"})
  void anyOtherPairIsMalformed(String pair) {
    ProblemException refused = assertThrows(ProblemException.class, () -> Scaling.parse(pair));
    assertEquals(Problem.MALFORMED_REQUEST, refused.problem());
  }

  @Test
  void aRoleMustKeepOneInstance() {
    ProblemException refused =
        assertThrows(ProblemException.class, () -> new Scaling(Role.HTTP, 0));
    assertTrue(refused.getMessage().contains("at least one"), refused.getMessage());
  }

  @Test
  void theListStartsWithHttp() {
    assertEquals(
        "[{\"role\":\"http\",\"instances\":2},{\"role\":\"data\",\"instances\":3}]",
        new Verticles.Deployed(Map.of(Role.DATA, 3, Role.HTTP, 2)).toJson().encode());
  }
}
