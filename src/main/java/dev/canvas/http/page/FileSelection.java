package dev.canvas.http.page;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a request selects of a file: all of it, a range of bytes, or nothing because of a condition
 * (RFC 9110, sections 13.2.2 and 14). What is not valid is ignored, as the RFC says; so are several
 * ranges at once, which it leaves to the server. Immutable.
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

  /** A form of a date that nobody should send and everybody has to understand. */
  private static final DateTimeFormatter ASCTIME =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private static final Pattern RANGE =
      Pattern.compile("bytes=(\\d*)-(\\d*)", Pattern.CASE_INSENSITIVE);

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
      long length = Math.min(size, number(last));
      return length == 0 ? none : new FileSelection(206, size - length, length);
    }
    long offset = number(first);
    if (!last.isEmpty() && number(last) < offset) {
      return whole;
    }
    if (offset >= size) {
      return none;
    }
    long end = last.isEmpty() ? size - 1 : Math.min(size - 1, number(last));
    return new FileSelection(206, offset, end - offset + 1);
  }

  /** A number of bytes; what is larger than any file is as good as the largest. */
  private static long number(String digits) {
    return digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
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
    return Stream.of(DATE, ASCTIME, rfc850(LocalDate.now(ZoneOffset.UTC)))
        .map(form -> date(text, form))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /** The other such form. Its century is the one that leads to at most 50 years from now. */
  private static DateTimeFormatter rfc850(LocalDate now) {
    return new DateTimeFormatterBuilder()
        .appendPattern("EEEE, dd-MMM-")
        .appendValueReduced(ChronoField.YEAR, 2, 2, now.minusYears(49))
        .appendPattern(" HH:mm:ss 'GMT'")
        .toFormatter(Locale.ENGLISH)
        .withZone(ZoneOffset.UTC);
  }

  private static Instant date(String text, DateTimeFormatter form) {
    try {
      return Instant.from(form.parse(text.strip()));
    } catch (DateTimeException invalid) {
      return null;
    }
  }
}
