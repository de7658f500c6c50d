package dev.canvas.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProductIdTest {

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 42, 10_000_000, ProductId.MAX})
  void parsesItsOwnText(long value) {
    assertEquals(value, ProductId.parse(new ProductId(value).toString()).value());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "-1",
        "+1",
        "1.5",
        "1e3",
        "0x10",
        "1 ",
        " 1",
        "1;drop",
        "one",
        "٣",
        "9007199254740992",
        "9999999999999999",
        "10000000000000000",
        "18446744073709551617"
      })
  void refusesAnyOtherTextAndNamesTheRange(String text) {
    ProblemException refused = assertThrows(ProblemException.class, () -> ProductId.parse(text));
    assertEquals(Problem.MALFORMED_REQUEST, refused.problem());
    assertTrue(refused.getMessage().contains("'" + text + "'"), refused.getMessage());
    assertTrue(refused.getMessage().contains("from 0 to 9007199254740991"), refused.getMessage());
  }

  @Test
  void shortensAVeryLongTextInTheProblem() {
    ProblemException refused =
        assertThrows(ProblemException.class, () -> ProductId.parse("9".repeat(3_000)));
    assertTrue(refused.getMessage().length() < 200, refused.getMessage());
  }
}
