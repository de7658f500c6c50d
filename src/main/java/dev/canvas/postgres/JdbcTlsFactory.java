package dev.canvas.postgres;

import dev.canvas.tls.TlsFiles;
import java.io.IOException;
import java.net.Socket;
import java.util.Properties;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.postgresql.PGProperty;
import org.postgresql.ssl.WrappedFactory;

/**
 * Makes the TLS sockets of JDBC, from the same files and with the same checks as those of the
 * Vert.x client. Public because JDBC creates it by its name.
 */
public final class JdbcTlsFactory extends WrappedFactory {

  private final boolean checksName;

  /**
   * @param properties of the connection
   */
  public JdbcTlsFactory(Properties properties) throws SSLException {
    checksName = Boolean.parseBoolean(PGProperty.SSL_FACTORY_ARG.getOrDefault(properties));
    factory =
        new TlsFiles(
                PGProperty.SSL_ROOT_CERT.getOrDefault(properties),
                PGProperty.SSL_CERT.getOrDefault(properties),
                PGProperty.SSL_KEY.getOrDefault(properties),
                checksName)
            .context()
            .getSocketFactory();
  }

  @Override
  public Socket createSocket(Socket socket, String host, int port, boolean autoClose)
      throws IOException {
    SSLSocket secure = (SSLSocket) super.createSocket(socket, host, port, autoClose);
    if (checksName) {
      SSLParameters parameters = secure.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      secure.setSSLParameters(parameters);
    }
    return secure;
  }
}
