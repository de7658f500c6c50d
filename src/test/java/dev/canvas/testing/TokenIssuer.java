package dev.canvas.testing;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Issues valid and invalid JSON Web Tokens with a key pair of its own, without the library under
 * test.
 */
public final class TokenIssuer {

  /** The issuer claim of valid tokens. */
  public static final String NAME = "https://issuer.example";

  /** The audience claim of valid tokens. */
  public static final String AUDIENCE = "canvas";

  private final String algorithm;
  private final KeyPair keys;

  /** Creates an issuer that signs with RS256, PS256, ES256 or EdDSA. */
  public TokenIssuer(String algorithm) {
    this.algorithm = algorithm;
    try {
      KeyPairGenerator generator =
          KeyPairGenerator.getInstance(
              switch (algorithm) {
                case "ES256" -> "EC";
                case "EdDSA" -> "Ed25519";
                default -> "RSA";
              });
      if (algorithm.equals("ES256")) {
        generator.initialize(new ECGenParameterSpec("secp256r1"));
      }
      keys = generator.generateKeyPair();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The public key as PEM, with the line length of OpenSSL. */
  public String publicKey() {
    return pem("PUBLIC KEY", keys.getPublic().getEncoded());
  }

  /** The private key as PEM. */
  public String privateKey() {
    return pem("PRIVATE KEY", keys.getPrivate().getEncoded());
  }

  /** The public key as a JWK (RFC 7517, RFC 8037). */
  public JsonObject jwk(String id) {
    JsonObject jwk = new JsonObject().put("kid", id).put("use", "sig");
    if (keys.getPublic() instanceof RSAPublicKey rsa) {
      return jwk.put("kty", "RSA")
          .put("n", encoded(unsigned(rsa.getModulus(), rsa.getModulus().bitLength() / 8)))
          .put("e", encoded(rsa.getPublicExponent().toByteArray()));
    }
    if (keys.getPublic() instanceof ECPublicKey ec) {
      return jwk.put("kty", "EC")
          .put("crv", "P-256")
          .put("x", encoded(unsigned(ec.getW().getAffineX(), 32)))
          .put("y", encoded(unsigned(ec.getW().getAffineY(), 32)));
    }
    byte[] last = keys.getPublic().getEncoded();
    return jwk.put("kty", "OKP")
        .put("crv", "Ed25519")
        .put("x", encoded(Arrays.copyOfRange(last, last.length - 32, last.length)));
  }

  private static byte[] unsigned(BigInteger number, int length) {
    byte[] signed = number.toByteArray();
    byte[] bytes = new byte[length];
    int from = Math.max(0, signed.length - length);
    System.arraycopy(signed, from, bytes, length - (signed.length - from), signed.length - from);
    return bytes;
  }

  /** The claims of a valid token for writing, which the caller may change. */
  public static JsonObject claims() {
    long now = Instant.now().getEpochSecond();
    return new JsonObject()
        .put("iss", NAME)
        .put("aud", new JsonArray().add("other").add(AUDIENCE))
        .put("sub", "editor")
        .put("iat", now)
        .put("nbf", now)
        .put("exp", now + 600)
        .put("scope", "media:read media:write");
  }

  /** A token with these claims. */
  public String token(JsonObject claims) {
    return token(header(algorithm), claims);
  }

  /** A token with this header, which need not match the signature. */
  public String token(JsonObject header, JsonObject claims) {
    String signed = encoded(header) + "." + encoded(claims);
    try {
      Signature signature = signature();
      signature.initSign(keys.getPrivate());
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + encoded(signature.sign());
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** A token signed with a shared secret (HS256). */
  public static String signedWithSecret(String secret, JsonObject claims) {
    String signed = encoded(header("HS256")) + "." + encoded(claims);
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return signed + "." + encoded(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** A token with the algorithm {@code none}, and any text as its signature. */
  public static String unsigned(JsonObject claims, String signature) {
    return encoded(header("none")) + "." + encoded(claims) + signature;
  }

  /** The header of a token of this issuer. */
  public JsonObject header() {
    return header(algorithm);
  }

  /** The header of a token with this algorithm. */
  public static JsonObject header(String algorithm) {
    return new JsonObject().put("typ", "JWT").put("alg", algorithm);
  }

  private Signature signature() throws GeneralSecurityException {
    Signature signature =
        Signature.getInstance(
            switch (algorithm) {
              case "ES256" -> "SHA256withECDSAinP1363Format";
              case "EdDSA" -> "Ed25519";
              case "PS256" -> "RSASSA-PSS";
              default -> "SHA256withRSA";
            });
    if (algorithm.equals("PS256")) {
      signature.setParameter(
          new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
    }
    return signature;
  }

  private static String encoded(JsonObject json) {
    return encoded(json.toBuffer().getBytes());
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String pem(String kind, byte[] key) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(kind, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key), kind);
  }
}
