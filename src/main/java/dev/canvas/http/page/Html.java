package dev.canvas.http.page;

import dev.canvas.http.exchange.Reply;
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

/** Renders the templates and sends them as pages, with their security headers. Thread-safe. */
final class Html {

  private static final CharSequence POLICY = HttpHeaders.createOptimized("content-security-policy");

  /**
   * Allows neither inline scripts and styles nor those of other sites: injected text stays inert.
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
  private final boolean operators;
  private final CharSequence policy;

  private Html(
      TemplateEngine templates,
      Asset stylesheet,
      Asset icon,
      Asset element,
      MediaRules rules,
      boolean operators) {
    this.templates = templates;
    this.stylesheet = stylesheet;
    this.icon = icon;
    this.element = element;
    this.httpsOnly = !rules.allowHttp();
    this.operators = operators;
    String otherSites = rules.allowHttp() ? "https: http:" : "https:";
    this.policy = HttpHeaders.createOptimized(STRICT.formatted(otherSites));
  }

  /**
   * Reads the files that all pages use. Blocks.
   *
   * @param rules decides whether pages may load media over http
   * @param operators whether pages show what is for operators
   */
  static Html read(MediaRules rules, boolean operators) throws IOException {
    Class<?> here = Html.class;
    // The templates are compiled into this package, because their models are package-private.
    return new Html(
        TemplateEngine.createPrecompiled(
            null, ContentType.Html, here.getClassLoader(), here.getPackageName()),
        Asset.read("canvas.css", "text/css; charset=utf-8"),
        Asset.read("icon.svg", "image/svg+xml"),
        Asset.readModule("product-canvas"),
        rules,
        operators);
  }

  /** Adds the files that all pages use. */
  void install(AssetRoutes assets) {
    assets.add(stylesheet);
    assets.add(icon);
  }

  /** Whether pages show what is for operators. */
  boolean forOperators() {
    return operators;
  }

  /** The module of the gallery element. */
  Asset element() {
    return element;
  }

  /**
   * Renders a page.
   *
   * @param template a file of {@code src/main/jte}
   * @param page the template's model
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
            httpsOnly,
            "operators",
            operators),
        text);
    return Buffer.buffer(text.toString());
  }

  /** Sends a page. If the caller has set no Cache-Control, it is {@code no-cache}. */
  void send(RoutingContext context, Buffer page) {
    HttpServerResponse response = context.response();
    if (!response.headers().contains(HttpHeaders.CACHE_CONTROL)) {
      response.putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
    }
    response.putHeader(POLICY, policy).putHeader(REFERRER_POLICY, ORIGIN_ONLY);
    Reply.sendVarying(context, Reply.HTML, page);
  }
}
