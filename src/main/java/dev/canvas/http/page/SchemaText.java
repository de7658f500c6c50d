package dev.canvas.http.page;

import dev.canvas.http.page.InterfaceDocs.Row;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Says in words what a schema of JSON permits. Not instantiable. */
final class SchemaText {

  /** The largest whole number that every parser of JSON reads exactly. */
  private static final Long LARGEST = (1L << 53) - 1;

  private SchemaText() {}

  /** What a reference in a document leads to, or the object itself if it is none. */
  static JsonObject resolve(JsonObject document, JsonObject object) {
    String reference = object.getString("$ref");
    return reference == null
        ? object
        : (JsonObject) JsonPointer.from(reference.substring(1)).queryJson(document);
  }

  /** The objects of an array; none if there is no array. */
  static Stream<JsonObject> objects(JsonArray array) {
    return array == null ? Stream.of() : array.stream().map(JsonObject.class::cast);
  }

  /** A value in a few words, such as {@code integer from 0 to 9}. */
  static String type(JsonObject schema) {
    if (schema.containsKey("$ref")) {
      String reference = schema.getString("$ref");
      return reference.substring(reference.lastIndexOf('/') + 1);
    }
    if (schema.containsKey("const")) {
      return "'" + schema.getValue("const") + "'";
    }
    if (schema.containsKey("enum")) {
      return words(schema.getJsonArray("enum"), " or ");
    }
    for (String choice : List.of("oneOf", "anyOf", "allOf")) {
      if (schema.containsKey(choice)) {
        return objects(schema.getJsonArray(choice))
            .map(SchemaText::type)
            .collect(Collectors.joining(choice.equals("allOf") ? " and " : " or "));
      }
    }
    if (schema.containsKey("items")) {
      return "list of "
          + type(schema.getJsonObject("items"))
          + bounds(schema, "minItems", "maxItems", "");
    }
    Object type = schema.getValue("type");
    String name = type instanceof JsonArray several ? words(several, " or ") : String.valueOf(type);
    return (type == null ? "any" : name)
        + bounds(schema, "minimum", "maximum", "")
        + bounds(schema, "minLength", "maxLength", " characters");
  }

  /** The members of an object in one line, or its type. */
  static String members(JsonObject schema) {
    List<Row> rows = named(schema);
    return rows.isEmpty()
        ? type(schema)
        : rows.stream()
            .map(row -> row.name() + ": " + row.type())
            .collect(Collectors.joining(", "));
  }

  /** The value by which a form of an object differs from the others. */
  static String constant(JsonObject schema) {
    JsonObject members = schema.getJsonObject("properties");
    return members.fieldNames().stream()
        .map(members::getJsonObject)
        .filter(member -> member.containsKey("const"))
        .map(member -> member.getString("const"))
        .findFirst()
        .orElse("");
  }

  /** The members of an object, and of those that it extends. */
  static List<Row> rows(JsonObject schema) {
    List<Row> rows = new ArrayList<>();
    Stream.concat(
            Stream.of(schema),
            objects(schema.getJsonArray("allOf", schema.getJsonArray("oneOf", new JsonArray()))))
        .filter(part -> part.containsKey("properties"))
        .forEach(part -> rows.addAll(named(part)));
    return List.copyOf(rows);
  }

  private static List<Row> named(JsonObject schema) {
    JsonObject members = schema.getJsonObject("properties", new JsonObject());
    JsonArray required = schema.getJsonArray("required", new JsonArray());
    return members.fieldNames().stream()
        .map(
            name -> {
              JsonObject member = members.getJsonObject(name);
              return new Row(
                  required.contains(name) ? name : name + "?",
                  type(member),
                  member.getString("description", ""));
            })
        .toList();
  }

  private static String bounds(JsonObject schema, String min, String max, String unit) {
    Object least = schema.getValue(min);
    Object most = LARGEST.equals(schema.getValue(max)) ? "2^53 - 1" : schema.getValue(max);
    if (least == null && most == null) {
      return "";
    }
    return least == null
        ? ", at most " + most + unit
        : " from " + least + (most == null ? "" : " to " + most) + unit;
  }

  private static String words(JsonArray values, String between) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(between));
  }
}
