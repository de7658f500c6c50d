package dev.canvas.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Sends commands to a Redis over a plain socket. */
final class RedisClient {

  private RedisClient() {}

  /** Logs in, sends a command and returns the strings of the reply, whatever its type. */
  static List<String> send(RedisServer server, String command) throws IOException {
    String login = URI.create(server.uri()).getUserInfo();
    if (login == null) {
      return sendAsStranger(server, command);
    }
    List<String> strings = sendAsStranger(server, "AUTH " + login.substring(1) + "\r\n" + command);
    return strings.subList(1, strings.size());
  }

  /** The same without a login. */
  static List<String> sendAsStranger(RedisServer server, String command) throws IOException {
    try (Socket socket = new Socket(LoopbackPort.address(), server.port())) {
      socket.setSoTimeout(2000);
      socket
          .getOutputStream()
          .write((command + "\r\nQUIT\r\n").getBytes(StandardCharsets.US_ASCII));
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      List<String> strings = new ArrayList<>();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (!line.startsWith("*") && !line.startsWith("$")) {
          strings.add(line);
        }
      }
      strings.remove(strings.size() - 1); // The reply to QUIT.
      return strings;
    }
  }

  static String config(RedisServer server, String name) throws IOException {
    return send(server, "CONFIG GET " + name).get(1);
  }
}
