package dev.canvas.http.page;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a request selects of a file: all of it, a range of bytes, or nothing because of a condition
 * (RFC 9110, sections 13.2.2 and 14). What is not valid is ignored, as the RFC says; so are several
 * ranges at once. Immutable.
 *
 * @param status 200, 206, 304, 412 or 416
 * @param offset the first byte
 * @param length the number of bytes
 */
record FileSelection(int status, long offset, long length) {

  /** RFC 9110, section 5.6.7; Java's own format of RFC 1123 has days of one digit. */
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final Pattern RANGE =
      Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})", Pattern.CASE_INSENSITIVE);

  /**
   * Evaluates a request.
   *
   * @param tag the strong entity tag of the file
   * @param modified when the file was last modified, in whole seconds
   * @param size the length of the file in bytes
   */
  static FileSelection of(HttpServerRequest request, String tag, Instant modified, long size) {
    int status = condition(request, tag, modified);
    if (status != 200) {
      return new FileSelection(status, 0, 0);
    }
    FileSelection whole = new FileSelection(200, 0, size);
    // A range applies to GET only (section 14.2).
    List<String> ranges = request.headers().getAll("Range");
    if (ranges.size() != 1
        || !request.method().equals(HttpMethod.GET)
        || !isUnchanged(request, tag, modified)) {
      return whole;
    }
    Matcher range = RANGE.matcher(ranges.get(0).strip());
    return range.matches() ? range(range.group(1), range.group(2), whole) : whole;
  }

  /** The value of Last-Modified. */
  static String text(Instant modified) {
    return DATE.format(modified);
  }

  private static int condition(HttpServerRequest request, String tag, Instant modified) {
    String match = list(request, HttpHeaders.IF_MATCH);
    if (match != null) {
      if (!match.equals("*") && !isListed(tag, match.replaceAll("W/\"[^\"]*\"", ""))) {
        return 412;
      }
    } else {
      Instant unmodifiedSince = date(request.getHeader("If-Unmodified-Since"));
      if (unmodifiedSince != null && modified.isAfter(unmodifiedSince)) {
        return 412;
      }
    }
    String noneMatch = list(request, HttpHeaders.IF_NONE_MATCH);
    if (noneMatch != null) {
      return noneMatch.equals("*") || isListed(tag, noneMatch) ? 304 : 200;
    }
    Instant modifiedSince = date(request.getHeader(HttpHeaders.IF_MODIFIED_SINCE));
    return modifiedSince != null && !modified.isAfter(modifiedSince) ? 304 : 200;
  }

  /** Whether a range may be sent: If-Range names what the client has the other bytes of. */
  private static boolean isUnchanged(HttpServerRequest request, String tag, Instant modified) {
    String validator = request.getHeader("If-Range");
    return validator == null || validator.strip().equals(tag) || modified.equals(date(validator));
  }

  private static FileSelection range(String first, String last, FileSelection whole) {
    long size = whole.length;
    FileSelection none = new FileSelection(416, 0, 0);
    if (first.isEmpty()) {
      if (last.isEmpty()) {
        return whole;
      }
      long length = Math.min(size, Long.parseLong(last));
      return length == 0 ? none : new FileSelection(206, size - length, length);
    }
    long offset = Long.parseLong(first);
    if (!last.isEmpty() && Long.parseLong(last) < offset) {
      return whole;
    }
    if (offset >= size) {
      return none;
    }
    long end = last.isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(last));
    return new FileSelection(206, offset, end - offset + 1);
  }

  /** The value of a field that may come in several lines, or null. */
  private static String list(HttpServerRequest request, CharSequence name) {
    List<String> lines = request.headers().getAll(name);
    return lines.isEmpty() ? null : String.join(",", lines).strip();
  }

  /** No tag contains a quote, so the quoted tag is found nowhere else. */
  private static boolean isListed(String tag, String list) {
    return list.contains(tag);
  }

  private static Instant date(String text) {
    if (text == null) {
      return null;
    }
    try {
      return Instant.from(DATE.parse(text.strip()));
    } catch (DateTimeException invalid) {
      return null;
    }
  }
}
