package dev.canvas.media;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactorTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "redis://:p@ss@h:6379/1 is down | redis://:…@h:6379/1 is down",
        "postgresql://me:p:w@h/db?sslmode=require | postgresql://me:…@h/db?sslmode=require",
        "http://me:pw@couch:5984/canvas | http://me:…@couch:5984/canvas",
        "redis://h?password=pw&db=1 | redis://h?password=…&db=1",
        "redis-sentinel://a,b/m?sentinel_password=pw | redis-sentinel://a,b/m?sentinel_password=…",
        "jdbc:postgresql://h/db?user=me&password=pw | jdbc:postgresql://h/db?user=me&password=…",
        "jdbc:postgresql://h/db?PASSWORD=pw;ssl | jdbc:postgresql://h/db?PASSWORD=…;ssl",
        "host=h password=pw dbname=d | host=h password=… dbname=d",
        "{\"sslpassword\": \"pw\", \"a\": 1} | {\"sslpassword\": \"…\", \"a\": 1}",
        "{\"a\":1,\"pwd\":\"pw\"} | {\"a\":1,\"pwd\":\"…\"}",
        "Passphrase=pw client_SECRET=pw | Passphrase=… client_SECRET=…",
        "Authorization: Bearer abc.def | Authorization: Bearer …",
        "https://shop.example/a@b.jpg | https://shop.example/a@b.jpg",
        "http://10.0.0.1:8080/a and b@c | http://10.0.0.1:8080/a and b@c",
        "the password is wrong | the password is wrong",
      })
  void hidesWhatIsSecretAndNothingElse(String text, String shown) {
    assertEquals(shown, Redactor.redact(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "postgresql://me:p w/x@y@h/db | postgresql://me:…@h/db",
        "redis//me:p/@h?password=a | redis//me:…@h?password=…",
        "jdbc:postgresql://h/db?password=a b'c | jdbc:postgresql://h/db?password=…",
      })
  void aMalformedUriShowsNoPasswordEither(String uri, String shown) {
    assertEquals(shown, Redactor.redactUri(uri));
  }
}
