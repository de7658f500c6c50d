package dev.canvas.http.page;

import dev.canvas.http.api.ApiDescription;
import dev.canvas.http.exchange.Routes;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Shows {@code openapi.json} and {@code asyncapi.json} to people, at {@code /docs}. The page is
 * rendered once, when it is first asked for, and needs no script. Thread-safe.
 */
final class InterfaceDocs {

  private static final String PATH = "/docs";
  private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");

  /**
   * The model of the page. Immutable.
   *
   * @param styles its own stylesheet
   * @param groups the operations, by what they are about
   * @param schemas the objects that operations take and answer
   */
  record Page(Asset styles, List<Group> groups, List<Schema> schemas) {}

  /** Operations with something in common. Immutable. */
  record Group(String id, String title, String text, List<Operation> operations) {}

  /**
   * A request or a message. Immutable.
   *
   * @param id the anchor of its heading
   * @param label a method of HTTP, or what Canvas does with a message
   * @param inputs what it takes
   * @param outcomes what it answers, by status or name
   */
  record Operation(
      String id,
      String label,
      String address,
      String title,
      String text,
      List<Row> inputs,
      List<Row> outcomes,
      List<Example> examples) {}

  /**
   * A line of a table. Immutable.
   *
   * @param type what a value may be; empty if that goes without saying
   */
  record Row(String name, String type, String text) {}

  /** A message as it is sent. Immutable. */
  record Example(String title, String json) {}

  /** An object. Immutable. */
  record Schema(String name, String text, List<Row> members) {}

  /** A piece of a text. Immutable. */
  record Part(String text, boolean code) {}

  private final Asset styles;

  /** The page; null until somebody asks for it. */
  private volatile Buffer rendered;

  private InterfaceDocs(Asset styles) {
    this.styles = styles;
  }

  /** Reads what belongs to the page; both documents are read when somebody asks for it. Blocks. */
  static InterfaceDocs read() throws IOException {
    return new InterfaceDocs(Asset.read("docs.css", "text/css; charset=utf-8"));
  }

  /** Adds the routes. */
  void install(AssetRoutes assets, Routes pages, Html html) {
    assets.add(styles);
    pages.read(
        PATH,
        context ->
            page(context, html)
                .onComplete(page -> html.send(context, page), failure -> context.fail(failure)));
  }

  /** Renders the page for the first visitor, so that no start has to wait for it. */
  private Future<Buffer> page(RoutingContext context, Html html) {
    return rendered == null
        ? context.vertx().executeBlocking(() -> render(html))
        : Future.succeededFuture(rendered);
  }

  private synchronized Buffer render(Html html) throws IOException {
    if (rendered == null) {
      ApiDescription description = ApiDescription.read();
      JsonObject http = new JsonObject(description.http());
      List<Group> groups = new ArrayList<>(httpGroups(http));
      groups.addAll(messageGroups(new JsonObject(description.messages())));
      rendered = html.render("docs.jte", new Page(styles, List.copyOf(groups), schemas(http)));
    }
    return rendered;
  }

  /** Splits a text with code between backticks, as both documents have it. */
  static List<Part> parts(String text) {
    List<Part> parts = new ArrayList<>();
    int at = 0;
    for (int tick = text.indexOf('`'); tick >= 0; tick = text.indexOf('`', at)) {
      parts.add(new Part(text.substring(at, tick), parts.size() % 2 == 1));
      at = tick + 1;
    }
    parts.add(new Part(text.substring(at), parts.size() % 2 == 1));
    return List.copyOf(parts);
  }

  private static List<Group> httpGroups(JsonObject document) {
    return objects(document.getJsonArray("tags"))
        .map(
            tag ->
                new Group(
                    "http-" + tag.getString("name").replace(' ', '-'),
                    "HTTP: " + tag.getString("name"),
                    tag.getString("description"),
                    httpOperations(document, tag.getString("name"))))
        .toList();
  }

  private static List<Operation> httpOperations(JsonObject document, String tag) {
    List<Operation> operations = new ArrayList<>();
    JsonObject paths = document.getJsonObject("paths");
    for (String path : paths.fieldNames()) {
      JsonObject resource = paths.getJsonObject(path);
      for (String method : resource.fieldNames()) {
        if (METHODS.contains(method)) {
          JsonObject operation = resource.getJsonObject(method);
          if (operation.getJsonArray("tags").contains(tag)) {
            operations.add(httpOperation(document, path, resource, method, operation));
          }
        }
      }
    }
    return List.copyOf(operations);
  }

  private static Operation httpOperation(
      JsonObject document, String path, JsonObject resource, String method, JsonObject operation) {
    List<Row> inputs = new ArrayList<>();
    for (JsonObject owner : List.of(resource, operation)) {
      objects(owner.getJsonArray("parameters"))
          .map(parameter -> SchemaText.resolve(document, parameter))
          .forEach(
              parameter ->
                  inputs.add(
                      new Row(
                          parameter.getString("name"),
                          SchemaText.type(parameter.getJsonObject("schema")),
                          parameter.getString("description", ""))));
    }
    content(operation.getJsonObject("requestBody"))
        .forEach(body -> inputs.add(new Row("body", body, "")));
    JsonObject responses = operation.getJsonObject("responses");
    List<Row> outcomes =
        responses.fieldNames().stream()
            .map(
                status -> {
                  JsonObject response =
                      SchemaText.resolve(document, responses.getJsonObject(status));
                  return new Row(
                      status,
                      String.join(", ", content(response)),
                      response.getString("description"));
                })
            .toList();
    return new Operation(
        operation.getString("operationId"),
        method.toUpperCase(Locale.ROOT),
        path,
        operation.getString("summary"),
        operation.getString("description", ""),
        List.copyOf(inputs),
        outcomes,
        List.of());
  }

  /** The types of a body: what it holds, and its media type. */
  private static List<String> content(JsonObject owner) {
    if (owner == null || !owner.containsKey("content")) {
      return List.of();
    }
    JsonObject content = owner.getJsonObject("content");
    return content.fieldNames().stream()
        .map(
            type -> {
              JsonObject schema = content.getJsonObject(type).getJsonObject("schema");
              return schema == null ? type : SchemaText.type(schema) + " (" + type + ")";
            })
        .toList();
  }

  private static List<Group> messageGroups(JsonObject document) {
    JsonObject operations = document.getJsonObject("operations");
    List<Operation> requests = new ArrayList<>();
    List<Operation> events = new ArrayList<>();
    List<Operation> frames = new ArrayList<>();
    for (String name : operations.fieldNames()) {
      Operation operation = messageOperation(document, name, operations.getJsonObject(name));
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

  private static Operation messageOperation(
      JsonObject document, String name, JsonObject operation) {
    JsonObject channel = SchemaText.resolve(document, operation.getJsonObject("channel"));
    List<Row> outcomes = new ArrayList<>();
    messages(document, operation.getJsonObject("reply", new JsonObject()))
        .map(InterfaceDocs::row)
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
        inputs(messages(document, operation).toList()),
        List.copyOf(outcomes),
        messages(document, operation).flatMap(InterfaceDocs::examples).toList());
  }

  /** The members of the only message, its forms, or all messages. */
  private static List<Row> inputs(List<JsonObject> messages) {
    if (messages.size() > 1) {
      return messages.stream().map(InterfaceDocs::row).toList();
    }
    JsonObject payload = messages.get(0).getJsonObject("payload");
    return payload.containsKey("oneOf")
        ? objects(payload.getJsonArray("oneOf"))
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
    return objects(message.getJsonArray("examples"))
        .map(
            example ->
                new Example(example.getString("name"), example.getJsonObject("payload").encode()));
  }

  private static Stream<JsonObject> messages(JsonObject document, JsonObject operation) {
    return objects(operation.getJsonArray("messages"))
        .map(message -> SchemaText.resolve(document, message))
        .map(message -> SchemaText.resolve(document, message));
  }

  private static List<Schema> schemas(JsonObject document) {
    JsonObject schemas = document.getJsonObject("components").getJsonObject("schemas");
    return schemas.fieldNames().stream()
        .map(
            name -> {
              JsonObject schema = schemas.getJsonObject(name);
              return new Schema(name, schema.getString("description", ""), SchemaText.rows(schema));
            })
        .toList();
  }

  private static Stream<JsonObject> objects(JsonArray array) {
    return array == null ? Stream.of() : array.stream().map(JsonObject.class::cast);
  }
}
