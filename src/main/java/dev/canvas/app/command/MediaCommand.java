package dev.canvas.app.command;

import dev.canvas.app.config.StartFailure;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Reads and changes the media of single products of a running service. */
@Command(
    name = "media",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Lists, prints, replaces, deletes and edits the media of products of a running Canvas.",
      "Connects to its HTTP port, on this machine if --url does not name another."
    })
public final class MediaCommand implements Runnable {

  private static final String VERSION_TEXT = "only if the product has this version";

  /** What a header may carry. */
  private static final Pattern KEY = Pattern.compile("[!-~]+");

  @Option(
      names = "--url",
      scope = ScopeType.INHERIT,
      paramLabel = "URL",
      description = "where Canvas answers (default: http.port of this machine)")
  private URI url;

  @Option(
      names = "--key-file",
      scope = ScopeType.INHERIT,
      paramLabel = "FILE",
      description = "a file with the key or the token for writing")
  private Path keyFile;

  @Mixin private ConfigurationOption option;
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command");
  }

  @Command(
      name = "ls",
      mixinStandardHelpOptions = true,
      description = "Lists products: id, version, number of items, and the first address.")
  int list(
      @Option(names = "--after", paramLabel = "ID", description = "only products with a higher id")
          String after,
      @Option(
              names = "--limit",
              paramLabel = "N",
              defaultValue = "50",
              description = "at most so many (default: ${DEFAULT-VALUE})")
          int limit) {
    long first = after == null ? -1 : id(after);
    if (limit < 0) {
      throw new ParameterException(spec.commandLine(), "invalid --limit: expected 0 or more");
    }
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(server().export(first), StandardCharsets.UTF_8))) {
      Iterator<JsonObject> products =
          lines
              .lines()
              .map(JsonObject::new)
              .filter(line -> line.containsKey("product_id"))
              .iterator();
      long last = first;
      for (int listed = 0; listed < limit && products.hasNext(); listed++) {
        JsonObject product = products.next();
        printLine(product);
        last = product.getLong("product_id");
      }
      if (limit > 0 && products.hasNext()) {
        tellOfMore(last);
      }
    } catch (IOException | UncheckedIOException | DecodeException broken) {
      throw new StartFailure("The list broke off: " + StartFailure.reason(broken), broken);
    }
    return 0;
  }

  /** Not on standard output, which programs read. */
  private void tellOfMore(long last) {
    PrintWriter err = spec.commandLine().getErr();
    err.printf(
        "canvas: there are more products: --after %d lists the next, --limit N more at once%n",
        last);
    err.flush();
  }

  private void printLine(JsonObject document) {
    JsonArray items = document.getJsonArray("media");
    String address = items.isEmpty() ? "" : items.getJsonObject(0).getString("url");
    out()
        .printf(
            "%-10d %d %3d %s%n",
            document.getLong("product_id"), document.getLong("version"), items.size(), address);
    out().flush();
  }

  @Command(
      name = "get",
      mixinStandardHelpOptions = true,
      description = "Prints the media document of a product, as 'put' takes it.")
  int get(@Parameters(paramLabel = "ID") String product) {
    long productId = id(product);
    out().println(existing(productId).encodePrettily());
    out().flush();
    return 0;
  }

  @Command(
      name = "put",
      mixinStandardHelpOptions = true,
      description = "Replaces the media of a product by a document, such as 'get' prints.")
  int put(
      @Parameters(paramLabel = "ID") String product,
      @Parameters(paramLabel = "FILE", description = "- is standard input") Path file,
      @Option(
              names = "--if-version",
              paramLabel = "N",
              description = VERSION_TEXT + "; 0 if it must have no media")
          Long version) {
    long productId = id(product);
    tell(server().put(productId, read(file), Optional.ofNullable(version)));
    return 0;
  }

  @Command(
      name = "rm",
      mixinStandardHelpOptions = true,
      description = "Deletes the media of a product.")
  int remove(
      @Parameters(paramLabel = "ID") String product,
      @Option(names = "--if-version", paramLabel = "N", description = VERSION_TEXT) Long version) {
    long productId = id(product);
    if (version != null && version < 1) {
      throw new ParameterException(
          spec.commandLine(),
          "invalid --if-version: expected 1 or more, as a product has versions from 1");
    }
    server().delete(productId, Optional.ofNullable(version));
    out().printf("product %d has no media now%n", productId);
    out().flush();
    return 0;
  }

  @Command(
      name = "edit",
      mixinStandardHelpOptions = true,
      description = {
        "Opens the media document of a product in an editor, and stores what it has become.",
        "Nothing is overwritten that somebody else has stored in the meantime."
      })
  int edit(
      @Parameters(paramLabel = "ID") String product,
      @Option(
              names = "--editor",
              paramLabel = "COMMAND",
              defaultValue = "${VISUAL:-${EDITOR:-vi}}",
              description =
                  "opens the file that is its last argument (default: $VISUAL or $EDITOR)")
          String editor) {
    long productId = id(product);
    MediaServer server = server();
    Optional<JsonObject> stored = server.get(productId);
    long version = stored.map(document -> document.getLong("version")).orElse(0L);
    String before =
        stored.orElse(new JsonObject().put("media", new JsonArray())).encodePrettily() + "\n";
    DocumentEditor document = DocumentEditor.open(productId, before);
    String after = document.edit(editor);
    if (after.equals(before)) {
      document.delete();
      out().println("nothing was changed");
      out().flush();
      return 0;
    }
    try {
      tell(server.put(productId, after, Optional.of(version)));
    } catch (StartFailure refused) {
      throw new StartFailure(
          refused.getMessage() + "\nWhat you have written is in " + document.file(), refused);
    }
    document.delete();
    return 0;
  }

  private JsonObject existing(long productId) {
    return server()
        .get(productId)
        .orElseThrow(() -> new StartFailure("Product " + productId + " has no media"));
  }

  private void tell(JsonObject document) {
    out()
        .printf(
            "product %d has version %d, with %s%n",
            document.getLong("product_id"), document.getLong("version"), items(document));
    out().flush();
  }

  private static String items(JsonObject document) {
    int count = document.getJsonArray("media").size();
    return count == 1 ? "1 item" : count + " items";
  }

  private MediaServer server() {
    URI address =
        url != null
            ? url
            : URI.create(
                "http://127.0.0.1:" + option.load(spec.commandLine().getErr()).http().port());
    if (address.getScheme() == null || !address.getScheme().matches("https?")) {
      throw new ParameterException(
          spec.commandLine(), "--url '" + url + "' is no address such as http://localhost:1121");
    }
    return new MediaServer(address, keyFile == null ? "" : key());
  }

  /** What else the file may hold is not repeated, as the key is in it. */
  private String key() {
    String key = read(keyFile).strip();
    if (!KEY.matcher(key).matches()) {
      throw new StartFailure(
          "%s does not hold a key alone: expected one line with the key or the token, without spaces"
              .formatted(keyFile));
    }
    return key;
  }

  private long id(String text) {
    try {
      return ProductId.parse(text).value();
    } catch (ProblemException invalid) {
      throw new ParameterException(
          spec.commandLine(), "invalid ID: " + invalid.getMessage(), invalid);
    }
  }

  private static String read(Path file) {
    try {
      byte[] bytes =
          file.toString().equals("-") ? System.in.readAllBytes() : Files.readAllBytes(file);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException otherEncoding) {
      throw new StartFailure(file + " is not UTF-8", otherEncoding);
    } catch (IOException unreadable) {
      throw new StartFailure(
          "%s cannot be read (%s)".formatted(file, StartFailure.cause(unreadable)), unreadable);
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
