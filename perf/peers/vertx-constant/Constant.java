import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A bare Vert.x server with one constant response: what the framework alone can do, on two event
 * loops, and with the native transport if the class path has one. Compiled against Canvas's own
 * target/lib, so both have the same Vert.x and Netty.
 *
 * <p>It does: send six headers with precomputed names and values, and the document from memory. It
 * does not: look at the request, route, read Redis, count requests.
 *
 * <p>Arguments: the port, the file with the body, the version for the ETag.
 */
public final class Constant extends VerticleBase {

  private static final int EVENT_LOOPS = 2;
  private static final CharSequence CACHE_STATUS = HttpHeaders.createOptimized("cache-status");
  private static final CharSequence ALLOW_ORIGIN =
      HttpHeaders.createOptimized("access-control-allow-origin");
  private static final CharSequence ANY = HttpHeaders.createOptimized("*");
  private static final CharSequence EXPOSE =
      HttpHeaders.createOptimized("access-control-expose-headers");
  private static final CharSequence EXPOSED = HttpHeaders.createOptimized("ETag, Cache-Status");
  private static final CharSequence RESOURCE_POLICY =
      HttpHeaders.createOptimized("cross-origin-resource-policy");
  private static final CharSequence CROSS_ORIGIN = HttpHeaders.createOptimized("cross-origin");
  private static final CharSequence CONTENT_TYPE_OPTIONS =
      HttpHeaders.createOptimized("x-content-type-options");
  private static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
  private static final CharSequence POLICY = HttpHeaders.createOptimized("content-security-policy");
  private static final CharSequence NOTHING =
      HttpHeaders.createOptimized("default-src 'none'; frame-ancestors 'none'");
  private static final CharSequence HIT = HttpHeaders.createOptimized("canvas; hit; detail=near");
  private static final CharSequence NO_CACHE = HttpHeaders.createOptimized("no-cache");
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final CharSequence ENCODING = HttpHeaders.createOptimized("accept-encoding");

  private final int port;
  private final Buffer body;
  private final CharSequence tag;
  private final CharSequence length;

  private Constant(int port, Buffer body, String version) {
    this.port = port;
    this.body = body;
    this.tag = HttpHeaders.createOptimized('"' + version + '"');
    this.length = HttpHeaders.createOptimized(Integer.toString(body.length()));
  }

  @Override
  public Future<?> start() {
    return vertx
        .createHttpServer()
        .requestHandler(request -> answer(request.response()))
        .listen(port, "127.0.0.1");
  }

  private void answer(HttpServerResponse response) {
    response
        .putHeader(CACHE_STATUS, HIT)
        .putHeader(ALLOW_ORIGIN, ANY)
        .putHeader(EXPOSE, EXPOSED)
        .putHeader(RESOURCE_POLICY, CROSS_ORIGIN)
        .putHeader(CONTENT_TYPE_OPTIONS, NOSNIFF)
        .putHeader(POLICY, NOTHING)
        .putHeader(HttpHeaders.ETAG, tag)
        .putHeader(HttpHeaders.CACHE_CONTROL, NO_CACHE)
        .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
        .putHeader(HttpHeaders.VARY, ENCODING)
        .putHeader(HttpHeaders.CONTENT_LENGTH, length)
        .end(body);
  }

  public static void main(String[] args) throws Exception {
    int port = Integer.parseInt(args[0]);
    Buffer body = Buffer.buffer(Files.readAllBytes(Path.of(args[1])));
    VertxOptions options = new VertxOptions().setEventLoopPoolSize(EVENT_LOOPS);
    Vertx.vertx(options.setPreferNativeTransport(true))
        .deployVerticle(
            () -> new Constant(port, body, args[2]),
            new DeploymentOptions().setInstances(EVENT_LOOPS))
        .await();
  }
}
