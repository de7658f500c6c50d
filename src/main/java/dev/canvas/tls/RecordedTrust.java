package dev.canvas.tls;

import io.vertx.core.Vertx;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.TrustOptions;
import java.net.Socket;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts a CA, and tells why a certificate was refused, because the clients of Vert.x only say that
 * the handshake failed.
 *
 * @param ca a PEM file, or {@link TlsFiles#SYSTEM}
 * @param onRefusal receives the reason, on any thread
 */
record RecordedTrust(String ca, Consumer<CertificateException> onRefusal) implements TrustOptions {

  @Override
  public TrustOptions copy() {
    return this;
  }

  @Override
  public TrustManagerFactory getTrustManagerFactory(Vertx vertx) throws Exception {
    for (TrustManager manager : factory(vertx).getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager trust) {
        return TrustOptions.wrap(new Recorder(trust, onRefusal)).getTrustManagerFactory(vertx);
      }
    }
    throw new IllegalStateException("Java has no X.509 trust manager");
  }

  private TrustManagerFactory factory(Vertx vertx) throws Exception {
    if (!ca.equals(TlsFiles.SYSTEM)) {
      return new PemTrustOptions().addCertPath(ca).getTrustManagerFactory(vertx);
    }
    TrustManagerFactory system =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    system.init((KeyStore) null);
    return system;
  }

  @Override
  public Function<String, TrustManager[]> trustManagerMapper(Vertx vertx) {
    return name -> null;
  }

  /** Asks another trust manager, which also checks the name. */
  private static final class Recorder extends X509ExtendedTrustManager {

    private interface Check {
      void run() throws CertificateException;
    }

    private final X509ExtendedTrustManager trust;
    private final Consumer<CertificateException> onRefusal;

    Recorder(X509ExtendedTrustManager trust, Consumer<CertificateException> onRefusal) {
      this.trust = trust;
      this.onRefusal = onRefusal;
    }

    private void record(Check check) throws CertificateException {
      try {
        check.run();
      } catch (CertificateException refusal) {
        onRefusal.accept(refusal);
        throw refusal;
      }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      record(() -> trust.checkServerTrusted(chain, type, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      record(() -> trust.checkServerTrusted(chain, type, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      record(() -> trust.checkServerTrusted(chain, type));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      trust.checkClientTrusted(chain, type, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      trust.checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      trust.checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return trust.getAcceptedIssuers();
    }
  }
}
