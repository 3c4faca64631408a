package io.mlops.backends.http.config;

import io.mlops.api.common.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads settings from variables and the file of credentials as MLflow's own client does. */
final class EnvironmentSettings {
    private static final String VARIABLE = "variable ";

    private final Map<String, String> environment;

    private EnvironmentSettings(Map<String, String> environment) {
        this.environment = environment;
    }

    static HttpSettings read(Map<String, String> environment, Path home) {
        EnvironmentSettings reader = new EnvironmentSettings(environment);
        reader.refuseWhatIsNotDone();
        HttpSettings settings = reader.credentials(HttpSettings.standard(), home);
        settings = reader.proxies(settings);
        settings = reader.certificates(settings);
        String seconds = reader.value("MLFLOW_HTTP_REQUEST_TIMEOUT");
        if (seconds != null) {
            settings = settings.patience(
                    reader.patience(settings.patience(), seconds), VARIABLE + "MLFLOW_HTTP_REQUEST_TIMEOUT");
        }
        String workspace = reader.value("MLFLOW_WORKSPACE");
        return workspace == null
                ? settings
                : settings.header(
                        "X-MLFLOW-WORKSPACE",
                        Secret.of(HeaderText.checked("MLFLOW_WORKSPACE", workspace)),
                        VARIABLE + "MLFLOW_WORKSPACE");
    }

    private void refuseWhatIsNotDone() {
        if (isOn("MLFLOW_TRACKING_INSECURE_TLS")) {
            throw new IllegalArgumentException(
                    "MLFLOW_TRACKING_INSECURE_TLS is set, and certificates are always checked"
                            + " here: name the server's CA in MLFLOW_TRACKING_SERVER_CERT_PATH, and unset it");
        }
        if (isOn("MLFLOW_TRACKING_AWS_SIGV4") || value("MLFLOW_TRACKING_AUTH") != null) {
            throw new IllegalArgumentException("MLFLOW_TRACKING_AWS_SIGV4 and MLFLOW_TRACKING_AUTH ask for a plug-in:"
                    + " give HttpSettings.sign one, and unset them");
        }
    }

    /** A user wins over a token, as in MLflow's own client, and a variable over the file. */
    private HttpSettings credentials(HttpSettings settings, Path home) {
        Path file = home.resolve(".mlflow").resolve("credentials");
        Map<String, String> kept = section(file);
        String user = value("MLFLOW_TRACKING_USERNAME");
        String password = value("MLFLOW_TRACKING_PASSWORD");
        String source = VARIABLE + "MLFLOW_TRACKING_USERNAME";
        if (user == null) {
            user = kept.get("mlflow_tracking_username");
            source = "file " + file;
        }
        if (password == null) {
            password = kept.get("mlflow_tracking_password");
        }
        if (user != null) {
            return settings.credentials(
                    new Credentials.Basic(user, Secret.of(password == null ? "" : password)), source);
        }
        String token = value("MLFLOW_TRACKING_TOKEN");
        return token == null
                ? settings
                : settings.credentials(
                        new Credentials.Token(Secret.of(HeaderText.checked("MLFLOW_TRACKING_TOKEN", token))),
                        VARIABLE + "MLFLOW_TRACKING_TOKEN");
    }

    private HttpSettings proxies(HttpSettings settings) {
        HttpSettings changed = settings;
        for (String name : new String[] {"HTTPS_PROXY", "https_proxy"}) {
            String address = value(name);
            if (address != null) {
                Network network = changed.network();
                changed = changed.network(
                        network.proxies(ProxyServer.parse(address), network.httpProxy(), network.withoutProxy()),
                        "httpsProxy",
                        VARIABLE + name);
            }
        }
        // In capitals it may be a header named Proxy that a web server has turned into a variable.
        String address = value("http_proxy");
        if (address != null) {
            Network network = changed.network();
            changed = changed.network(
                    network.proxies(network.httpsProxy(), ProxyServer.parse(address), network.withoutProxy()),
                    "httpProxy",
                    VARIABLE + "http_proxy");
        }
        for (String name : new String[] {"NO_PROXY", "no_proxy"}) {
            String hosts = value(name);
            if (hosts != null) {
                Network network = changed.network();
                changed = changed.network(
                        network.proxies(network.httpsProxy(), network.httpProxy(), split(hosts)),
                        "withoutProxy",
                        VARIABLE + name);
            }
        }
        return changed;
    }

    private HttpSettings certificates(HttpSettings settings) {
        HttpSettings changed = settings;
        String trusted = value("MLFLOW_TRACKING_SERVER_CERT_PATH");
        if (trusted != null) {
            changed = changed.trust(Path.of(trusted), VARIABLE + "MLFLOW_TRACKING_SERVER_CERT_PATH");
        }
        String client = value("MLFLOW_TRACKING_CLIENT_CERT_PATH");
        return client == null
                ? changed
                : changed.clientCertificate(Path.of(client), VARIABLE + "MLFLOW_TRACKING_CLIENT_CERT_PATH");
    }

    private Patience patience(Patience standard, String seconds) {
        try {
            Duration silence = Duration.ofSeconds(Long.parseLong(seconds));
            Duration call = standard.call().compareTo(silence) < 0 ? silence : standard.call();
            return new Patience(standard.connect(), silence, call, standard.bytesPerSecond());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "MLFLOW_HTTP_REQUEST_TIMEOUT is '" + seconds + "', and must be a number of seconds", e);
        }
    }

    private boolean isOn(String name) {
        String value = value(name);
        return value != null && Set.of("true", "1").contains(value.toLowerCase(Locale.ROOT));
    }

    /** Compose files and the like set what they do not want to the empty text. */
    private @Nullable String value(String name) {
        String value = environment.get(name);
        return value == null || value.isBlank() ? null : value.strip();
    }

    private static Set<String> split(String hosts) {
        Set<String> names = new TreeSet<>();
        Arrays.stream(hosts.split(",", -1))
                .map(String::strip)
                .filter(host -> !host.isEmpty())
                .forEach(names::add);
        return names;
    }

    /** Reads the section {@code [mlflow]} of an INI file; none of a file that is missing. */
    private static Map<String, String> section(Path file) {
        Map<String, String> values = new HashMap<>();
        try {
            boolean ours = false;
            for (String line : Files.readAllLines(file)) {
                String text = line.strip();
                if (text.startsWith("[")) {
                    ours = text.equals("[mlflow]");
                } else if (ours && !text.startsWith("#") && !text.startsWith(";") && text.contains("=")) {
                    int equals = text.indexOf('=');
                    values.put(
                            text.substring(0, equals).strip().toLowerCase(Locale.ROOT),
                            text.substring(equals + 1).strip());
                }
            }
        } catch (NoSuchFileException e) {
            return Map.of();
        } catch (IOException e) {
            throw new RefusedException(
                    "the file of credentials " + file + " cannot be read: make it readable, or remove it", e);
        }
        return values;
    }
}
