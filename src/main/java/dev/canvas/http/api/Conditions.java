package dev.canvas.http.api;

import dev.canvas.media.Precondition;
import dev.canvas.media.Problem;
import dev.canvas.media.ProductMedia;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads entity tags and conditional requests (RFC 9110, sections 8.8.3 and 13.1). Thread-safe. */
final class Conditions {

  /** One entity tag of a list, with the comma after it. */
  private static final Pattern TAG =
      Pattern.compile("\\G[ \\t]*(W/)?\"([\\x21\\x23-\\x7e\\x80-\\xff]*)\"[ \\t]*(?:,|$)");

  private static final Pattern VERSION = Pattern.compile("[1-9]\\d{0,17}");

  private Conditions() {}

  /** The strong entity tag of a product's media. */
  static String entityTag(ProductMedia media) {
    return '"' + Long.toString(media.version()) + '"';
  }

  /**
   * Returns the precondition of a write that supports If-Match alone.
   *
   * @throws dev.canvas.media.ProblemException {@link Problem#MALFORMED_REQUEST}
   */
  static Precondition ofWrite(HttpServerRequest request) {
    if (request.headers().contains(HttpHeaders.IF_NONE_MATCH)) {
      throw Problem.MALFORMED_REQUEST.because(
          "This request does not support If-None-Match: expected If-Match or no condition");
    }
    return ifMatch(request);
  }

  /**
   * Returns the precondition of a write that may create the product's media, and so supports {@code
   * If-None-Match: *} too.
   *
   * @throws dev.canvas.media.ProblemException {@link Problem#MALFORMED_REQUEST}
   */
  static Precondition ofCreatingWrite(HttpServerRequest request) {
    List<String> noneMatch = request.headers().getAll(HttpHeaders.IF_NONE_MATCH);
    if (noneMatch.isEmpty()) {
      return ifMatch(request);
    }
    if (noneMatch.size() > 1
        || !noneMatch.get(0).strip().equals("*")
        || request.headers().contains(HttpHeaders.IF_MATCH)) {
      throw Problem.MALFORMED_REQUEST.because(
          "If-None-Match of this write is %s: expected * alone, without If-Match", noneMatch);
    }
    return Precondition.ABSENT;
  }

  private static Precondition ifMatch(HttpServerRequest request) {
    List<String> match = request.headers().getAll(HttpHeaders.IF_MATCH);
    if (match.isEmpty()) {
      return Precondition.NONE;
    }
    String tags = String.join(",", match).strip();
    return tags.equals("*") ? Precondition.PRESENT : Precondition.version(versions(tags));
  }

  /** Reads tags for strong comparison: weak tags, and tags that are not versions, match nothing. */
  private static Set<Long> versions(String tags) {
    Set<Long> versions = new HashSet<>();
    Matcher tag = TAG.matcher(tags);
    int end = 0;
    while (tag.find()) {
      end = tag.end();
      if (tag.group(1) == null && VERSION.matcher(tag.group(2)).matches()) {
        versions.add(Long.valueOf(tag.group(2)));
      }
    }
    if (end < tags.length() || tags.isEmpty()) {
      throw Problem.MALFORMED_REQUEST.because(
          "If-Match is '%s': expected * or entity tags such as \"1795380000000123\"", tags);
    }
    return versions;
  }
}
