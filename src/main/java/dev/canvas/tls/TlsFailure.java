package dev.canvas.tls;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * A TLS connection that could not be established. Its message is one line that says why and what to
 * do. Has no stack trace, because a reconnecting client gets one for each attempt.
 */
public final class TlsFailure extends SSLException {

  private TlsFailure(String message) {
    super(message);
  }

  @Override
  public Throwable fillInStackTrace() {
    return this;
  }

  /**
   * Explains a failure to connect; empty if it has nothing to do with TLS.
   *
   * @param server its name, such as {@code Postgres at db.example:5432}
   * @param caName the parameter or setting that names the CA file
   * @param certificateName the one that names the certificate of the client
   */
  public static Optional<TlsFailure> of(
      Throwable failure, String server, String caName, String certificateName) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String reason = reason(cause, caName, certificateName);
      if (reason != null) {
        return Optional.of(new TlsFailure(reason.formatted(server, text(cause))));
      }
    }
    return unexplained(failure, server);
  }

  /** The reason for a failure that says more than that the handshake failed; otherwise null. */
  private static String reason(Throwable cause, String caName, String certificateName) {
    String text = text(cause);
    if (cause instanceof CertificateExpiredException
        || cause instanceof CertificateNotYetValidException
        || text.contains("validity check failed")) {
      return "the certificate of %s is not valid today (%s): renew it, or check the clocks";
    }
    if (cause instanceof CertPathBuilderException || cause instanceof CertPathValidatorException) {
      return "the certificate of %s is not signed by a CA that is trusted (%s): set "
          + caName
          + " to the CA that signed it";
    }
    if (cause instanceof CertificateException
        && (text.startsWith("No subject alternative") || text.startsWith("No name matching"))) {
      return "the certificate of %s is for another name (%s): use the name that the certificate has, or"
          + " a certificate for this one";
    }
    if (cause instanceof SSLException && text.contains("fatal alert")) {
      return "%s refused the TLS connection (%s): set "
          + certificateName
          + " to a certificate that it accepts";
    }
    return null;
  }

  private static Optional<TlsFailure> unexplained(Throwable failure, String server) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof TlsFailure explained) {
        return Optional.of(explained);
      }
      if (cause instanceof SSLException || cause instanceof CertificateException) {
        return Optional.of(
            new TlsFailure("no TLS connection to %s (%s)".formatted(server, text(cause))));
      }
    }
    return Optional.empty();
  }

  private static String text(Throwable cause) {
    String text = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return text.lines().findFirst().orElse("").strip();
  }
}
