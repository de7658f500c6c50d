package dev.canvas.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.http.access.AccessSettings;
import dev.canvas.testing.TokenIssuer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The settings {@code auth.*}. */
class AuthSettingsTest {

  private static final String HASH = AccessSettings.Keys.hash("key");
  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  @TempDir private Path directory;

  private final Map<String, String> environment =
      new HashMap<>(
          Map.of(
              "CANVAS_AUTH_MODE",
              "jwt",
              "CANVAS_AUTH_JWT_ISSUER",
              TokenIssuer.NAME,
              "CANVAS_AUTH_JWT_AUDIENCE",
              TokenIssuer.AUDIENCE));

  @Test
  void writeAccessIsUndecidedByDefault() {
    assertEquals(new AccessSettings.Undecided(), access(Map.of()));
  }

  @Test
  void upLeavesWritingOpenByDefault() {
    assertEquals(
        new AccessSettings.Open(), Configuration.load(null, Map.of()).forUp("").http().access());
    Configuration keys =
        Configuration.load(
            null, Map.of("CANVAS_AUTH_MODE", "keys", "CANVAS_AUTH_KEYS", "shop:" + HASH));
    assertEquals(keys.http().access(), keys.forUp("").http().access());
  }

  @Test
  void readsKeysFromAListInTheFileAndFromCommaSeparatedText() throws IOException {
    AccessSettings expected = new AccessSettings.Keys(List.of(HASH, AccessSettings.Keys.hash("2")));
    String second = "import:" + AccessSettings.Keys.hash("2").toUpperCase(java.util.Locale.ROOT);
    Path file =
        Files.writeString(
            directory.resolve("canvas.yaml"),
            "auth:\n  mode: keys\n  keys:\n    - shop:" + HASH + "\n    - " + second + "\n");
    assertEquals(expected, Configuration.load(file, Map.of()).http().access());
    assertEquals(
        expected,
        access(
            Map.of(
                "CANVAS_AUTH_MODE",
                "keys",
                "CANVAS_AUTH_KEYS",
                "shop:" + HASH + ", " + second + ",")));
    Path lines = directory.resolve("keys");
    Files.writeString(
        lines, "# of the shop, and\nshop:" + HASH + "\n  # imports\n" + second + "\n");
    assertEquals(
        expected,
        access(Map.of("CANVAS_AUTH_MODE", "keys", "CANVAS_AUTH_KEYS_FILE", lines.toString())));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ",", "shop", "shop:key", ":" + SECRET + SECRET, "a b:" + SECRET + SECRET})
  void invalidKeysAreRefusedAndNotRepeated(String keys) {
    String line = refusal(Map.of("CANVAS_AUTH_MODE", "keys", "CANVAS_AUTH_KEYS", keys));
    assertTrue(line.startsWith("auth.keys (CANVAS_AUTH_KEYS) "), line);
    assertTrue(line.contains("./canvas key NAME"), line);
    assertFalse(line.contains("shop") || line.contains(SECRET), line);
  }

  @Test
  void duplicateNamesOfKeysAreRefused() {
    String keys = "shop:" + HASH + ",shop:" + AccessSettings.Keys.hash("2");
    String line = refusal(Map.of("CANVAS_AUTH_MODE", "keys", "CANVAS_AUTH_KEYS", keys));
    assertTrue(line.contains("unique names"), line);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "PS256", "ES256", "EdDSA"})
  void readsAPublicKeyFromTheSettingOrFromAFile(String algorithm) throws IOException {
    String pem = new TokenIssuer(algorithm).publicKey();
    Path file = Files.writeString(directory.resolve("key.pem"), "Subject: me\r\n" + pem);
    environment.put("CANVAS_AUTH_JWT_ALGORITHM", algorithm);
    environment.put("CANVAS_AUTH_JWT_PUBLIC_KEY", pem);
    AccessSettings inline = access(environment);
    environment.put("CANVAS_AUTH_JWT_PUBLIC_KEY", file.toString());
    assertEquals(inline, access(environment));
    AccessSettings.Tokens tokens = (AccessSettings.Tokens) inline;
    assertEquals(algorithm, tokens.algorithm());
    assertEquals(1, tokens.keys().size());
    assertEquals(Duration.ofSeconds(30), tokens.leeway());
  }

  @Test
  void readsWhereTheIssuerPublishesItsKeys() {
    String address = "https://login.example/.well-known/jwks.json";
    environment.put("CANVAS_AUTH_JWT_JWKS_URL", address);
    AccessSettings.Tokens tokens = (AccessSettings.Tokens) access(environment);
    assertEquals(Optional.of(URI.create(address)), tokens.keySet());
    assertEquals(List.of(), tokens.keys());
  }

  /** Whoever answers there decides who may write. */
  @ParameterizedTest
  @ValueSource(
      strings = {"http://login.example/jwks", "login.example", "file:///keys", "https:///a b"})
  void anUnsafeAddressOfKeysIsRefused(String address) {
    environment.put("CANVAS_AUTH_JWT_JWKS_URL", address);
    String line = assertThrows(StartFailure.class, () -> access(environment)).getMessage();
    assertTrue(line.startsWith("auth.jwt.jwks-url (CANVAS_AUTH_JWT_JWKS_URL)"), line);
  }

  @Test
  void keysComeFromOnePlace() {
    environment.put("CANVAS_AUTH_JWT_JWKS_URL", "https://login.example/jwks");
    environment.put("CANVAS_AUTH_JWT_PUBLIC_KEY", new TokenIssuer("RS256").publicKey());
    assertThrows(StartFailure.class, () -> access(environment));
    environment.remove("CANVAS_AUTH_JWT_PUBLIC_KEY");
    environment.put("CANVAS_AUTH_JWT_ALGORITHM", "HS256");
    assertThrows(StartFailure.class, () -> access(environment));
  }

  @Test
  void keysAreReadAgainIfTheyComeFromAFile() throws IOException {
    TokenIssuer before = new TokenIssuer("RS256");
    TokenIssuer after = new TokenIssuer("RS256");
    environment.put("CANVAS_AUTH_JWT_PUBLIC_KEY", before.publicKey());
    assertEquals(Optional.empty(), Configuration.load(null, environment).keyFiles().access());
    Path pem = Files.writeString(directory.resolve("key.pem"), before.publicKey());
    environment.put("CANVAS_AUTH_JWT_PUBLIC_KEY", pem.toString());
    Configuration configuration = Configuration.load(null, environment);
    KeyFiles.Source<AccessSettings> source = configuration.keyFiles().access().orElseThrow();
    assertEquals("auth.jwt.public-key", source.setting());
    assertEquals(configuration.http().access(), source.reader().get());
    Files.writeString(pem, after.publicKey());
    environment.put("CANVAS_AUTH_JWT_PUBLIC_KEY", after.publicKey());
    assertEquals(access(environment), source.reader().get());
  }

  @Test
  void aSecretIsReadAgainFromItsFile() throws IOException {
    Path file = Files.writeString(directory.resolve("secret"), SECRET + "\n");
    environment.put("CANVAS_AUTH_JWT_ALGORITHM", "HS256");
    environment.put("CANVAS_AUTH_JWT_SECRET_FILE", file.toString());
    KeyFiles.Source<AccessSettings> source =
        Configuration.load(null, environment).keyFiles().access().orElseThrow();
    Files.writeString(file, SECRET + SECRET);
    assertEquals(List.of(SECRET + SECRET), ((AccessSettings.Tokens) source.reader().get()).keys());
    Files.writeString(file, "short-secret");
    String line = assertThrows(StartFailure.class, source.reader()::get).getMessage();
    assertTrue(line.startsWith("auth.jwt.secret (CANVAS_AUTH_JWT_SECRET_FILE, here set in "), line);
    assertFalse(line.contains("short-secret"), line);
  }

  @Test
  void readsSeveralPublicKeys() {
    environment.put(
        "CANVAS_AUTH_JWT_PUBLIC_KEY",
        new TokenIssuer("RS256").publicKey() + new TokenIssuer("RS256").publicKey());
    assertEquals(2, ((AccessSettings.Tokens) access(environment)).keys().size());
  }

  @Test
  void keyOfAnotherKindIsRefused() {
    TokenIssuer issuer = new TokenIssuer("ES256");
    for (String key : List.of("", issuer.publicKey(), issuer.privateKey(), "/no/such/file")) {
      environment.put("CANVAS_AUTH_JWT_PUBLIC_KEY", key);
      String line = refusal(environment);
      assertTrue(line.startsWith("auth.jwt.public-key (CANVAS_AUTH_JWT_PUBLIC_KEY)"), line);
      assertTrue(line.contains("PEM"), line);
      assertEquals(1, line.lines().count());
    }
  }

  @ParameterizedTest
  @CsvSource({"RS256, RSA, 1024", "PS256, RSA, 1024", "ES256, EC, 384"})
  void shortKeyOrOtherCurveIsRefused(String algorithm, String family, int bits)
      throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(family);
    generator.initialize(bits);
    environment.put("CANVAS_AUTH_JWT_ALGORITHM", algorithm);
    environment.put(
        "CANVAS_AUTH_JWT_PUBLIC_KEY",
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getEncoder()
                .encodeToString(generator.generateKeyPair().getPublic().getEncoded())
            + "\n-----END PUBLIC KEY-----\n");
    assertTrue(refusal(environment).contains("2048 bits or more, P-256"));
  }

  @Test
  void invalidSecretIsRefusedAndNotRepeated() {
    environment.put("CANVAS_AUTH_JWT_ALGORITHM", "HS256");
    for (String secret : List.of("", "short-secret", new TokenIssuer("RS256").publicKey())) {
      environment.put("CANVAS_AUTH_JWT_SECRET", secret);
      String line = refusal(environment);
      assertTrue(line.startsWith("auth.jwt.secret (CANVAS_AUTH_JWT_SECRET)"), line);
      assertFalse(line.contains("short-secret") || line.contains("BEGIN"), line);
    }
    environment.put("CANVAS_AUTH_JWT_SECRET", SECRET);
    assertEquals(List.of(SECRET), ((AccessSettings.Tokens) access(environment)).keys());
  }

  @ParameterizedTest
  @CsvSource({
    "CANVAS_AUTH_MODE, key, none or keys or jwt",
    "CANVAS_AUTH_JWT_ALGORITHM, none, RS256 or PS256 or ES256 or EdDSA or HS256",
    "CANVAS_AUTH_JWT_ISSUER, '', the value that the claim of each token must have",
    "CANVAS_AUTH_JWT_AUDIENCE, ' ', the value that the claim of each token must have",
    "CANVAS_AUTH_JWT_LEEWAY, 6m, a duration from 0s to 5m",
  })
  void invalidValueIsNamedWithTheAllowedOnes(String variable, String value, String allowed) {
    environment.put("CANVAS_AUTH_JWT_PUBLIC_KEY", new TokenIssuer("RS256").publicKey());
    environment.put(variable, value);
    String line = refusal(environment);
    assertTrue(line.contains("(" + variable + ") is '" + value + "'"), line);
    assertTrue(line.contains(allowed), line);
  }

  private static AccessSettings access(Map<String, String> environment) {
    return Configuration.load(null, environment).http().access();
  }

  private static String refusal(Map<String, String> environment) {
    return assertThrows(StartFailure.class, () -> access(environment)).getMessage();
  }
}
