package packhorse.config.read;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import packhorse.identity.TokenHash;

/// Writes the keys, certificates and secrets to which the configurations of the tests refer.
final class SupportFiles {
  static final String PASSWORD_HASH =
      "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$"
          + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  static final String ALICE_KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBERERERERERERERERERERERERERERERERERERERERER alice@x";
  static final String STATE_KEY = "abcdefghijklmnopabcdefghijklmnop";
  static final String CI_KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIi ci";

  private SupportFiles() {}

  static void write(Path folder) throws IOException {
    for (String name : new String[] {"tls", "ca", "ssh", "secrets", "keys", "host-keys"}) {
      Files.createDirectories(folder.resolve(name));
    }
    for (String name : new String[] {"git", "gitlab", "ci"}) {
      writeCertificate(folder.resolve("tls/" + name), "2000", "2100", "code.test", "*.test");
    }
    writeCertificate(folder.resolve("tls/old"), "2000", "2001", "code.test");
    writeCertificate(folder.resolve("tls/future"), "2099", "2100", "code.test");
    writeCertificate(folder.resolve("tls/wrong"), "2000", "2100", "*.example.org");
    Files.copy(folder.resolve("tls/git.pem"), folder.resolve("ca/internal.pem"));
    Files.writeString(folder.resolve("ssh/known_hosts"), "10.0.0.11 " + CI_KEY + "\n");
    Files.writeString(folder.resolve("keys/alice.pub"), ALICE_KEY + "\n");
    Files.writeString(
        folder.resolve("keys/ci.pub"), "# the key of the CI server\n" + CI_KEY + "\n");
    Files.writeString(folder.resolve("keys/bad.pub"), "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAA x\n");
    Files.writeString(folder.resolve("secrets/alice.hash"), PASSWORD_HASH + "\n");
    String token = TokenHash.of("pht_x").encoded();
    Files.writeString(folder.resolve("secrets/ci-token-1.hash"), token + "\r\n");
    Files.writeString(folder.resolve("secrets/ci-token-2.hash"), token);
    Files.writeString(folder.resolve("secrets/state-key"), STATE_KEY + "\n");
    Files.writeString(folder.resolve("secrets/older-key"), STATE_KEY.replace('a', 'b') + "\n");
    Files.writeString(folder.resolve("secrets/plain"), "abc\n");
    Files.writeString(folder.resolve("secrets/crlf"), STATE_KEY + "\r\n");
    Files.writeString(folder.resolve("secrets/blank"), " abc");
    Files.writeString(folder.resolve("secrets/empty"), "");
    Files.writeString(folder.resolve("secrets/newline"), "\n");
    Files.writeString(folder.resolve("secrets/two-lines"), "abc\nabc\n");
    Files.write(folder.resolve("secrets/binary"), new byte[] {(byte) 0x80, 'a'});
    writeFilesOfWindowsEditors(folder);
    writeUnusableFiles(folder);
  }

  private static void writeFilesOfWindowsEditors(Path folder) throws IOException {
    String token = TokenHash.of("pht_x").encoded();
    Files.writeString(folder.resolve("secrets/windows-token.hash"), "\ufeff" + token + "\r\n");
    Files.writeString(
        folder.resolve("keys/windows.pub"), "\ufeff# alice\r\n\r\n" + ALICE_KEY + "\r\n");
    for (String extension : new String[] {".pem", ".key"}) {
      String text = Files.readString(folder.resolve("tls/git" + extension));
      Files.writeString(
          folder.resolve("tls/windows" + extension), "\ufeff" + text.replace("\n", "\r\n"));
    }
  }

  private static void writeUnusableFiles(Path folder) throws IOException {
    Files.write(folder.resolve("secrets/utf-16"), "abc".getBytes(StandardCharsets.UTF_16));
    String ca = Files.readString(folder.resolve("ca/internal.pem"));
    Files.writeString(folder.resolve("ca/joined.pem"), ca.strip() + ca);
    String key = Files.readString(folder.resolve("tls/git.key"));
    Files.writeString(folder.resolve("tls/two.key"), key + key);
    Files.createDirectories(folder.resolve("ssh-locked"));
    Files.writeString(
        folder.resolve("ssh-locked/key"),
        "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n");
    writePublicKey(folder.resolve("keys/dss.pub"), "ssh-dss", new byte[8]);
    writePublicKey(
        folder.resolve("keys/cert.pub"), "ssh-ed25519-cert-v01@openssh.com", new byte[8]);
    writePublicKey(folder.resolve("keys/damaged.pub"), "ssh-rsa", new byte[] {1, 0, 1});
  }

  private static void writePublicKey(Path file, String type, byte[]... fields) throws IOException {
    var blob = new ByteArrayOutputStream();
    var out = new DataOutputStream(blob);
    out.writeInt(type.length());
    out.writeBytes(type);
    for (byte[] field : fields) {
      out.writeInt(field.length);
      out.write(field);
    }
    Files.writeString(
        file, type + " " + Base64.getEncoder().encodeToString(blob.toByteArray()) + " x\n");
  }

  /// Writes a self-signed certificate to `name.pem` and its private key to `name.key`. It is valid
  /// between the beginnings of two years.
  private static void writeCertificate(Path name, String from, String to, String... dnsNames)
      throws IOException {
    try {
      KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      X500Name subject = new X500Name("CN=code.test");
      GeneralName[] names =
          Stream.of(dnsNames)
              .map(dnsName -> new GeneralName(GeneralName.dNSName, dnsName))
              .toArray(GeneralName[]::new);
      X509CertificateHolder certificate =
          new JcaX509v3CertificateBuilder(
                  subject,
                  BigInteger.ONE,
                  Date.from(Instant.parse(from + "-01-01T00:00:00Z")),
                  Date.from(Instant.parse(to + "-01-01T00:00:00Z")),
                  subject,
                  pair.getPublic())
              .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names))
              .build(new JcaContentSignerBuilder("Ed25519").build(pair.getPrivate()));
      writePem(Path.of(name + ".pem"), certificate);
      writePem(Path.of(name + ".key"), pair.getPrivate());
    } catch (GeneralSecurityException | OperatorCreationException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static void writePem(Path file, Object object) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    }
    Files.writeString(file, text.toString());
  }
}
