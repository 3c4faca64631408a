package io.mlops.backends.http.wire;

import io.mlops.api.common.RefusedException;
import io.mlops.backends.http.config.Network;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Whom we trust, and what we show: the platform's certificates with those of the settings. Nothing turns checks off. */
record Certificates(SSLSocketFactory sockets, X509TrustManager trust) {
    private static final Pattern KEY = Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END");
    private static final char[] NO_PASSWORD = {};

    /**
     * Reads what the settings name.
     *
     * @throws RefusedException if a file cannot be read, or does not hold what it should
     */
    static Certificates of(Network network) {
        try {
            X509TrustManager trust = new Telling(trust(network.trusted()));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(network.clientCertificate()), new TrustManager[] {trust}, null);
            return new Certificates(context.getSocketFactory(), trust);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every Java platform has TLS", e);
        }
    }

    private static X509TrustManager trust(@Nullable Path more) throws GeneralSecurityException, IOException {
        X509TrustManager platform = managerOf(null);
        if (more == null) {
            return platform;
        }
        KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
        all.load(null, null);
        int number = 0;
        for (X509Certificate certificate : platform.getAcceptedIssuers()) {
            all.setCertificateEntry("platform-" + number++, certificate);
        }
        for (Certificate certificate : certificates(more, "trust")) {
            all.setCertificateEntry("settings-" + number++, certificate);
        }
        return managerOf(all);
    }

    private static X509TrustManager managerOf(@Nullable KeyStore trusted) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager trust) {
                return trust;
            }
        }
        throw new IllegalStateException("every Java platform checks certificates");
    }

    private static KeyManager @Nullable [] keys(@Nullable Path file) throws GeneralSecurityException, IOException {
        if (file == null) {
            return null;
        }
        Collection<? extends Certificate> chain = certificates(file, "clientCertificate");
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setKeyEntry("client", key(file), NO_PASSWORD, chain.toArray(Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static Collection<? extends Certificate> certificates(Path file, String setting)
            throws CertificateException {
        String pem = read(file);
        StringBuilder only = new StringBuilder();
        Matcher found = Pattern.compile("-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----")
                .matcher(pem);
        while (found.find()) {
            only.append(found.group()).append('\n');
        }
        if (only.isEmpty()) {
            throw new RefusedException(
                    "the file " + file + " of HttpSettings." + setting + " holds no certificate in PEM", null);
        }
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(
                            new ByteArrayInputStream(only.toString().getBytes(StandardCharsets.US_ASCII)));
        } catch (CertificateException e) {
            throw new RefusedException(
                    "the file " + file + " of HttpSettings." + setting + " holds a certificate that cannot be read", e);
        }
    }

    private static PrivateKey key(Path file) throws GeneralSecurityException {
        Matcher found = KEY.matcher(read(file));
        if (!found.find()) {
            throw noKey(file);
        }
        PKCS8EncodedKeySpec bytes =
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(found.group(1)));
        for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
            PrivateKey key = key(algorithm, bytes);
            if (key != null) {
                return key;
            }
        }
        throw noKey(file);
    }

    /** Reads a key if it is of this kind; what an exception says may hold a part of it. */
    private static @Nullable PrivateKey key(String algorithm, PKCS8EncodedKeySpec bytes)
            throws GeneralSecurityException {
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(bytes);
        } catch (InvalidKeySpecException other) {
            return null;
        }
    }

    private static RefusedException noKey(Path file) {
        return new RefusedException(
                "the file " + file + " of HttpSettings.clientCertificate holds no private key that can be read:"
                        + " convert it by openssl pkcs8 -topk8 -nocrypt, and put it into the file beside the certificate",
                null);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new RefusedException("the certificates in " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Says whose certificate it refuses, which the platform does not. */
    private record Telling(X509TrustManager platform) implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            platform.checkClientTrusted(chain, type);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            try {
                platform.checkServerTrusted(chain, type);
            } catch (CertificateException e) {
                throw new UntrustedException(chain, e);
            }
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return platform.getAcceptedIssuers();
        }
    }
}
