package dev.canvas.http.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.http.RunningHttp;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Assertions that hold for every page. */
public final class PageAssertions {

  private static final String POLICY =
      "default-src 'none'; img-src 'self' https:; media-src 'self' https:; style-src 'self';"
          + " script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self';"
          + " frame-ancestors 'none'";

  private static final Pattern TAG = Pattern.compile("<[a-zA-Z](?:[^>\"]|\"[^\"]*\")*>");
  private static final Pattern VALUE = Pattern.compile("\"[^\"]*\"");

  /** The scripts that a page may have: those of this site, and inlined data. */
  private static final Pattern SCRIPTS =
      Pattern.compile(
          "<script type=\"module\""
              + " src=\"/assets/(?:product-canvas|panel|editor|covers)\\.[0-9a-f]{8}\\.js\""
              + "></script>|<script"
              + " type=\"application/json\">[^<]*</script>");

  /** A script, or an attribute that the policy would block. */
  private static final Pattern FORBIDDEN =
      Pattern.compile("<script|<style|\\s(?:style|on[a-z]+)\\b", Pattern.CASE_INSENSITIVE);

  private PageAssertions() {}

  static void assertPage(HttpResponse<String> page) {
    assertEquals("text/html; charset=utf-8", header(page, "content-type"));
    assertEquals(POLICY, header(page, "content-security-policy"));
    assertEquals("nosniff", header(page, "x-content-type-options"));
    assertEquals("strict-origin-when-cross-origin", header(page, "referrer-policy"));
    assertTrue(page.body().startsWith("<!DOCTYPE html>\n<html lang=\"en\">"), page.body());
    assertEquals(1, page.body().split("<h1", -1).length - 1, "One heading of the first rank");
    TAG.matcher(markup(page))
        .results()
        .map(tag -> VALUE.matcher(tag.group()).replaceAll(""))
        .forEach(tag -> assertFalse(FORBIDDEN.matcher(tag).find(), tag));
  }

  /** The page without its scripts; the inlined document may contain anything. */
  static String markup(HttpResponse<String> page) {
    return SCRIPTS.matcher(page.body()).replaceAll("");
  }

  static void assertProblemPage(int status, HttpResponse<String> page) {
    assertEquals(status, page.statusCode());
    assertEquals("no-store", header(page, "cache-control"));
    assertPage(page);
    assertTrue(page.body().contains("<a href=\"/\">See all products</a>"), page.body());
  }

  /** Expects HEAD of a file to tell what GET tells, its length too. */
  static void assertHeadMatchesGet(RunningHttp server, String path) throws Exception {
    assertEquals(headers(server.get(path)), headersOfHead(server, path));
  }

  /** Expects HEAD of a page to tell what GET tells but the length, which differs between reads. */
  static void assertHeadTellsNoLength(RunningHttp server, String path) throws Exception {
    Map<String, List<String>> expected = headers(server.get(path));
    assertNotNull(expected.remove("content-length"));
    assertEquals(expected, headersOfHead(server, path));
  }

  private static Map<String, List<String>> headersOfHead(RunningHttp server, String path)
      throws Exception {
    HttpResponse<String> head = server.send("HEAD", path);
    assertEquals(200, head.statusCode());
    assertEquals("", head.body());
    return headers(head);
  }

  private static Map<String, List<String>> headers(HttpResponse<String> response) {
    Map<String, List<String>> headers = new TreeMap<>(response.headers().map());
    headers.remove("date");
    return headers;
  }

  public static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("(none)");
  }
}
