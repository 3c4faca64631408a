package io.mlops.backends.http.wire;

import io.mlops.backends.http.config.RequestSigner;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * AWS's Signature Version 4 as an application would write it, to see that a signer gets what it needs.
 *
 * @param date such as 20150830T123600Z
 * @param signed the headers that are signed besides {@code host} and {@code x-amz-date}
 */
record SigV4(String id, String secret, String region, String service, String date, List<String> signed)
        implements RequestSigner {

    @Override
    public Map<String, String> sign(String method, URI url, Map<String, String> headers, String bodySha256) {
        Map<String, String> used = new TreeMap<>(Map.of("host", headers.get("host"), "x-amz-date", date));
        signed.forEach(name -> used.put(name, name.equals("x-amz-content-sha256") ? bodySha256 : headers.get(name)));
        String names = String.join(";", used.keySet());
        String query = url.getRawQuery() == null
                ? ""
                : Arrays.stream(url.getRawQuery().split("&", -1)).sorted().collect(Collectors.joining("&"));
        String canonical = method + "\n" + url.getRawPath() + "\n" + query + "\n"
                + used.entrySet().stream()
                        .map(header -> header.getKey() + ":" + header.getValue().strip() + "\n")
                        .collect(Collectors.joining())
                + "\n" + names + "\n" + bodySha256;
        String scope = date.substring(0, 8) + "/" + region + "/" + service + "/aws4_request";
        String text = "AWS4-HMAC-SHA256\n" + date + "\n" + scope + "\n" + hex(sha256(canonical));
        byte[] key = hmac(("AWS4" + secret).getBytes(StandardCharsets.UTF_8), date.substring(0, 8));
        for (String part : new String[] {region, service, "aws4_request"}) {
            key = hmac(key, part);
        }
        Map<String, String> added = new TreeMap<>(used);
        added.remove("host");
        added.put(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=" + id + "/" + scope + ", SignedHeaders=" + names + ", Signature="
                        + hex(hmac(key, text)));
        return added;
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
