package dev.canvas.media;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/**
 * Takes single values from a JSON text as what they have to be, and notes those that are something
 * else; nothing is converted. Belongs to one reading.
 */
final class JsonValues {

  private final JsonParser json;
  private final Faults faults;
  private final boolean nullable;

  /**
   * @param nullable whether null is as good as any value
   */
  JsonValues(JsonParser json, Faults faults, boolean nullable) {
    this.json = json;
    this.faults = faults;
    this.nullable = nullable;
  }

  /** A string, or null. */
  String text(String pointer) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      return json.getText();
    }
    refuse(pointer, "expected a string");
    return null;
  }

  /** A truth value; false where it is none. */
  boolean flag(String pointer) throws IOException {
    boolean value = json.currentToken() == JsonToken.VALUE_TRUE;
    if (!json.currentToken().isBoolean()) {
      refuse(pointer, "expected true or false");
    }
    return value;
  }

  /** A whole number from 1, without fraction or exponent; 0 where it is none. */
  long whole(String pointer, long most) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NUMBER_INT
        && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
      long value = json.getLongValue();
      if (value >= 1 && value <= most) {
        return value;
      }
    }
    refuse(pointer, "expected a whole number from 1 to " + most);
    return 0;
  }

  /** A number from 0 to 1, or null. */
  Double share(String pointer) throws IOException {
    if (json.currentToken().isNumeric()) {
      double value = json.getDoubleValue();
      if (value >= 0 && value <= 1) {
        // So that there is one zero: it is written as 0.0.
        return Math.abs(value);
      }
    }
    refuse(pointer, "expected a number from 0 to 1");
    return null;
  }

  /** Notes that the value is not what it has to be, and passes it by. */
  void refuse(String pointer, String expected) throws IOException {
    if (!(nullable && json.currentToken() == JsonToken.VALUE_NULL)) {
      faults.add(pointer, "%s", expected);
    }
    json.skipChildren();
  }

  /** Notes that nothing has this name, and passes its value by. */
  void refuseName(String parent, String name) throws IOException {
    faults.add(parent + Faults.part(name), "is no attribute here");
    json.skipChildren();
  }
}
