package io.mlops.backends.http.wire;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;

/** A server shows a certificate that nobody we trust has issued, or one whose time is over. */
final class UntrustedException extends CertificateException {
    private static final long serialVersionUID = 1;

    UntrustedException(X509Certificate[] chain, CertificateException cause) {
        super(
                chain.length == 0
                        ? "it shows no certificate"
                        : "its certificate for "
                                + chain[0].getSubjectX500Principal().getName() + ", valid from "
                                + chain[0].getNotBefore().toInstant() + " to "
                                + chain[0].getNotAfter().toInstant() + ", was issued by "
                                + chain[chain.length - 1]
                                        .getIssuerX500Principal()
                                        .getName(),
                cause);
    }
}
