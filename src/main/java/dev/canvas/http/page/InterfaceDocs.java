package dev.canvas.http.page;

import dev.canvas.http.api.ApiDescription;
import dev.canvas.http.exchange.Routes;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Shows {@code openapi.json} and {@code asyncapi.json} to people, at {@code /docs}. The page is
 * rendered once, when it is first asked for, and needs no script. Thread-safe.
 */
final class InterfaceDocs {

  private static final String PATH = "/docs";

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
      HttpDocs http = new HttpDocs(new JsonObject(description.http()));
      List<Group> groups = new ArrayList<>(http.groups());
      groups.addAll(new MessageDocs(new JsonObject(description.messages())).groups());
      rendered = html.render("docs.jte", new Page(styles, List.copyOf(groups), http.schemas()));
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
}
