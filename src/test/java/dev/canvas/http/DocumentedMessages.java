package dev.canvas.http;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An operation as {@code asyncapi.json} documents it.
 *
 * @param name of the operation and of its channel
 * @param address where its messages are sent; null for frames, which have none
 * @param answered whether a message has an answer
 * @param examples bodies that succeed
 * @param answers what an answer may be: a message for each
 * @param failures why a request fails, by status
 */
public record DocumentedMessages(
    String name,
    String address,
    boolean answered,
    List<JsonObject> examples,
    List<JsonObject> answers,
    Map<Integer, JsonObject> failures) {

  private static final String DIRECTORY = "/dev/canvas/http/api/";
  private static final JsonObject DOCUMENT = read("asyncapi.json");

  /** All operations. */
  static final List<DocumentedMessages> ALL = operations();

  private static List<DocumentedMessages> operations() {
    JsonObject operations = DOCUMENT.getJsonObject("operations");
    return operations.fieldNames().stream()
        .map(name -> of(name, operations.getJsonObject(name)))
        .toList();
  }

  /** The operation of an address. */
  public static DocumentedMessages at(String address) {
    return ALL.stream()
        .filter(operation -> address.equals(operation.address()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("asyncapi.json does not have " + address));
  }

  private static DocumentedMessages of(String name, JsonObject operation) {
    JsonObject reply = operation.getJsonObject("reply", new JsonObject());
    JsonObject failures = operation.getJsonObject("x-failures", new JsonObject());
    return new DocumentedMessages(
        name,
        resolve(operation.getJsonObject("channel")).getString("address"),
        operation.getString("action").equals("receive"),
        messages(operation)
            .flatMap(message -> objects(message.getJsonArray("examples", new JsonArray())))
            .map(example -> example.getJsonObject("payload"))
            .toList(),
        messages(reply).toList(),
        failures.fieldNames().stream()
            .collect(
                Collectors.toMap(
                    Integer::valueOf, failures::getJsonObject, (a, b) -> a, TreeMap::new)));
  }

  /** Whether an answer is one of the documented ones: the members that it has, and their types. */
  public boolean permits(JsonObject answer) {
    return answers.stream()
        .anyMatch(message -> fits(answer, message.getJsonObject("payload"), DOCUMENT));
  }

  private static boolean fits(Object value, JsonObject schema, JsonObject document) {
    if (schema.containsKey("$ref")) {
      String[] ref = schema.getString("$ref").split("#", 2);
      JsonObject target = ref[0].isEmpty() ? document : read(ref[0]);
      return fits(value, follow(target, ref[1]), target);
    }
    if (schema.containsKey("const")) {
      return schema.getValue("const").equals(value);
    }
    if (schema.containsKey("enum") && !schema.getJsonArray("enum").contains(value)) {
      return false;
    }
    if (value instanceof JsonArray array && schema.containsKey("items")) {
      return array.stream().allMatch(item -> fits(item, schema.getJsonObject("items"), document));
    }
    return !(value instanceof JsonObject object) || fitsMembers(object, schema, document);
  }

  private static boolean fitsMembers(JsonObject object, JsonObject schema, JsonObject document) {
    JsonObject members = schema.getJsonObject("properties", new JsonObject());
    Set<String> names = object.fieldNames();
    return schema.getJsonArray("required", new JsonArray()).stream().allMatch(names::contains)
        && (schema.getBoolean("additionalProperties", true)
            || members.fieldNames().containsAll(names))
        && names.stream()
            .filter(members::containsKey)
            .allMatch(name -> fits(object.getValue(name), members.getJsonObject(name), document));
  }

  private static Stream<JsonObject> messages(JsonObject operation) {
    return objects(operation.getJsonArray("messages", new JsonArray()))
        .map(DocumentedMessages::resolve)
        .map(DocumentedMessages::resolve);
  }

  private static Stream<JsonObject> objects(JsonArray array) {
    List<JsonObject> objects = new ArrayList<>();
    array.forEach(object -> objects.add((JsonObject) object));
    return objects.stream();
  }

  private static JsonObject resolve(JsonObject reference) {
    return follow(DOCUMENT, reference.getString("$ref").substring(1));
  }

  private static JsonObject follow(JsonObject document, String pointer) {
    return (JsonObject) JsonPointer.from(pointer).queryJson(document);
  }

  private static JsonObject read(String file) {
    String name = file.substring(file.lastIndexOf('/') + 1);
    try (InputStream bytes = DocumentedMessages.class.getResourceAsStream(DIRECTORY + name)) {
      return new JsonObject(new String(bytes.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
