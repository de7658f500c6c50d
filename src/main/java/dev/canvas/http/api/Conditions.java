package dev.canvas.http.api;

import dev.canvas.media.Precondition;
import dev.canvas.media.Problem;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what has to hold for a write: If-Match and If-None-Match (RFC 9110, section 13.1). */
final class Conditions {

  /** One entity tag of a list, with the comma behind it. */
  private static final Pattern TAG =
      Pattern.compile("\\G[ \\t]*(W/)?\"([\\x21\\x23-\\x7e\\x80-\\xff]*)\"[ \\t]*(?:,|$)");

  private static final Pattern VERSION = Pattern.compile("[1-9]\\d{0,17}");

  private Conditions() {}

  /** The condition of a write that takes no If-None-Match. */
  static Precondition of(HttpServerRequest request) {
    if (request.headers().contains(HttpHeaders.IF_NONE_MATCH)) {
      throw Problem.MALFORMED_REQUEST.because(
          "If-None-Match is not for this request: expected If-Match, or none");
    }
    return ifMatch(request);
  }

  /** The condition of a write that may create. */
  static Precondition ofCreating(HttpServerRequest request) {
    List<String> noneMatch = request.headers().getAll(HttpHeaders.IF_NONE_MATCH);
    if (noneMatch.isEmpty()) {
      return ifMatch(request);
    }
    if (noneMatch.size() > 1
        || !noneMatch.get(0).strip().equals("*")
        || request.headers().contains(HttpHeaders.IF_MATCH)) {
      throw Problem.MALFORMED_REQUEST.because(
          "If-None-Match of a write is %s: expected * and no If-Match beside it", noneMatch);
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

  /** By strong comparison: a weak tag matches nothing, and no more does one that is no version. */
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
