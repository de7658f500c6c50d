package dev.canvas.http.page;

import dev.canvas.http.page.InterfaceDocs.Example;
import dev.canvas.http.page.InterfaceDocs.Group;
import dev.canvas.http.page.InterfaceDocs.Operation;
import dev.canvas.http.page.InterfaceDocs.Row;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** What {@code asyncapi.json} says of messages, as the page shows it. Not thread-safe. */
final class MessageDocs {

  private final JsonObject document;

  MessageDocs(JsonObject document) {
    this.document = document;
  }

  /** All operations, by what they are for. */
  List<Group> groups() {
    JsonObject operations = document.getJsonObject("operations");
    List<Operation> requests = new ArrayList<>();
    List<Operation> events = new ArrayList<>();
    List<Operation> frames = new ArrayList<>();
    for (String name : operations.fieldNames()) {
      Operation operation = operation(name, operations.getJsonObject(name));
      boolean hasFailures = operations.getJsonObject(name).containsKey("x-failures");
      boolean received = operations.getJsonObject(name).getString("action").equals("receive");
      (hasFailures ? requests : received ? frames : events).add(operation);
    }
    return List.of(
        new Group(
            "requests",
            "Event bus: requests",
            "As a member of the cluster, or over the TCP bridge.",
            List.copyOf(requests)),
        new Group(
            "events", "Event bus: what Canvas publishes", "Subscribe to it.", List.copyOf(events)),
        new Group(
            "frames",
            "TCP bridge and live sockets: frames",
            "For programs in any language, and for pages in browsers.",
            List.copyOf(frames)));
  }

  private Operation operation(String name, JsonObject operation) {
    JsonObject channel = resolve(operation.getJsonObject("channel"));
    List<Row> outcomes = new ArrayList<>();
    messages(operation.getJsonObject("reply", new JsonObject()))
        .map(MessageDocs::row)
        .forEach(outcomes::add);
    JsonObject failures = operation.getJsonObject("x-failures", new JsonObject());
    failures
        .fieldNames()
        .forEach(
            status ->
                outcomes.add(
                    new Row(status, "", failures.getJsonObject(status).getString("description"))));
    return new Operation(
        name,
        operation.getString("action").equals("receive") ? "send" : "subscribe",
        Objects.requireNonNullElse(channel.getString("address"), ""),
        operation.getString("title"),
        channel.getString("description"),
        inputs(messages(operation).toList()),
        List.copyOf(outcomes),
        messages(operation).flatMap(MessageDocs::examples).toList());
  }

  /** The members of the only message, its forms, or all messages. */
  private static List<Row> inputs(List<JsonObject> messages) {
    if (messages.size() > 1) {
      return messages.stream().map(MessageDocs::row).toList();
    }
    JsonObject payload = messages.get(0).getJsonObject("payload");
    return payload.containsKey("oneOf")
        ? SchemaText.objects(payload.getJsonArray("oneOf"))
            .map(form -> new Row(SchemaText.constant(form), SchemaText.members(form), ""))
            .toList()
        : SchemaText.rows(payload);
  }

  private static Row row(JsonObject message) {
    return new Row(
        message.getString("name"),
        SchemaText.members(message.getJsonObject("payload")),
        message.getString("summary", message.getString("title")));
  }

  private static Stream<Example> examples(JsonObject message) {
    return SchemaText.objects(message.getJsonArray("examples"))
        .map(
            example ->
                new Example(example.getString("name"), example.getJsonObject("payload").encode()));
  }

  private Stream<JsonObject> messages(JsonObject operation) {
    return SchemaText.objects(operation.getJsonArray("messages"))
        .map(this::resolve)
        .map(this::resolve);
  }

  private JsonObject resolve(JsonObject object) {
    return SchemaText.resolve(document, object);
  }
}
