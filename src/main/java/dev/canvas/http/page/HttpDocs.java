package dev.canvas.http.page;

import dev.canvas.http.page.InterfaceDocs.Group;
import dev.canvas.http.page.InterfaceDocs.Operation;
import dev.canvas.http.page.InterfaceDocs.Row;
import dev.canvas.http.page.InterfaceDocs.Schema;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What {@code openapi.json} says of HTTP, as the page shows it. Not thread-safe. */
final class HttpDocs {

  private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");

  private final JsonObject document;

  HttpDocs(JsonObject document) {
    this.document = document;
  }

  /** All operations, by tag. */
  List<Group> groups() {
    return SchemaText.objects(document.getJsonArray("tags"))
        .map(
            tag ->
                new Group(
                    "http-" + tag.getString("name").replace(' ', '-'),
                    "HTTP: " + tag.getString("name"),
                    tag.getString("description"),
                    operations(tag.getString("name"))))
        .toList();
  }

  private List<Operation> operations(String tag) {
    List<Operation> operations = new ArrayList<>();
    JsonObject paths = document.getJsonObject("paths");
    for (String path : paths.fieldNames()) {
      JsonObject resource = paths.getJsonObject(path);
      for (String method : resource.fieldNames()) {
        if (METHODS.contains(method)) {
          JsonObject operation = resource.getJsonObject(method);
          if (operation.getJsonArray("tags").contains(tag)) {
            operations.add(operation(path, resource, method, operation));
          }
        }
      }
    }
    return List.copyOf(operations);
  }

  private Operation operation(
      String path, JsonObject resource, String method, JsonObject operation) {
    List<Row> inputs = new ArrayList<>();
    for (JsonObject owner : List.of(resource, operation)) {
      SchemaText.objects(owner.getJsonArray("parameters"))
          .map(this::resolve)
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
                  JsonObject response = resolve(responses.getJsonObject(status));
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

  /** The objects that several operations have. */
  List<Schema> schemas() {
    JsonObject schemas = document.getJsonObject("components").getJsonObject("schemas");
    return schemas.fieldNames().stream()
        .map(
            name -> {
              JsonObject schema = schemas.getJsonObject(name);
              return new Schema(name, schema.getString("description", ""), SchemaText.rows(schema));
            })
        .toList();
  }

  private JsonObject resolve(JsonObject object) {
    return SchemaText.resolve(document, object);
  }
}
