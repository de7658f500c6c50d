package dev.canvas.http.page;

import dev.canvas.http.exchange.Reply;
import dev.canvas.http.exchange.Routes;
import dev.canvas.media.MediaRules;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.Map;

/** Renders pages and sends them. Thread-safe. */
final class Html {

  static final CharSequence CONTENT_TYPE_OPTIONS =
      HttpHeaders.createOptimized("x-content-type-options");
  static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");

  private static final CharSequence POLICY = HttpHeaders.createOptimized("content-security-policy");

  /**
   * No script and no style in the page itself, and none from elsewhere: what a hostile text
   * smuggles in stays inert.
   */
  private static final String STRICT =
      "default-src 'none'; img-src 'self' %1$s; media-src 'self' %1$s; style-src 'self';"
          + " script-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

  private static final CharSequence REFERRER_POLICY =
      HttpHeaders.createOptimized("referrer-policy");
  private static final CharSequence ORIGIN_ONLY =
      HttpHeaders.createOptimized("strict-origin-when-cross-origin");

  private final TemplateEngine templates;
  private final Asset stylesheet;
  private final Asset icon;
  private final Asset element;
  private final boolean httpsOnly;
  private final CharSequence policy;

  private Html(
      TemplateEngine templates, Asset stylesheet, Asset icon, Asset element, MediaRules rules) {
    this.templates = templates;
    this.stylesheet = stylesheet;
    this.icon = icon;
    this.element = element;
    this.httpsOnly = !rules.allowHttp();
    String elsewhere = rules.allowHttp() ? "https: http:" : "https:";
    this.policy = HttpHeaders.createOptimized(STRICT.formatted(elsewhere));
  }

  /**
   * Reads what the pages refer to. Blocks.
   *
   * @param rules what media the pages may show
   */
  static Html read(MediaRules rules) throws IOException {
    Class<?> here = Html.class;
    // The templates are compiled into this package, where the records are that they show.
    return new Html(
        TemplateEngine.createPrecompiled(
            null, ContentType.Html, here.getClassLoader(), here.getPackageName()),
        Asset.read("canvas.css", "text/css; charset=utf-8"),
        Asset.read("icon.svg", "image/svg+xml"),
        Asset.readModule("product-canvas"),
        rules);
  }

  void install(Routes routes) {
    stylesheet.install(routes);
    icon.install(routes);
    new ElementFiles(element).install(routes);
  }

  /**
   * @param template one of {@code src/main/jte}
   * @param page what it shows
   */
  Buffer render(String template, Object page) {
    StringOutput text = new StringOutput();
    templates.render(
        template,
        Map.of(
            "page",
            page,
            "stylesheet",
            stylesheet.path(),
            "icon",
            icon.path(),
            "element",
            element,
            "httpsOnly",
            httpsOnly),
        text);
    return Buffer.buffer(text.toString());
  }

  /** Sends a page; its status and Cache-Control are set by then, or 200 and {@code no-cache}. */
  void send(RoutingContext context, Buffer page) {
    HttpServerResponse response = context.response();
    if (!response.headers().contains(HttpHeaders.CACHE_CONTROL)) {
      response.putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
    }
    response
        .putHeader(POLICY, policy)
        .putHeader(CONTENT_TYPE_OPTIONS, NOSNIFF)
        .putHeader(REFERRER_POLICY, ORIGIN_ONLY);
    Reply.send(context, Reply.HTML, page);
  }
}
