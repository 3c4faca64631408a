package io.mlops.backends.http.tour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.RefusedException;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunSpec;
import io.mlops.backends.http.HttpBackend;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.standin.NeedsServer;
import io.mlops.backends.http.standin.RealServer;
import io.mlops.backends.http.standin.Release;
import io.mlops.backends.http.standin.Setup;
import io.mlops.backends.http.standin.Straight;
import io.mlops.core.Mlops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Goes through everything with the programs of Debian that stand before, behind and beside a real server. */
@EnabledIfSystemProperty(named = "mlops.faults", matches = "[1-9]\\d+", disabledReason = "in profile faults")
final class OtherProgramsTourTest {
    private static final int LIMIT = 1 << 20;

    @TempDir
    private Path work;

    @Test
    @NeedsServer(value = Release.V3_17, setup = Setup.POSTGRESQL)
    void aServerOnPostgresql(RealServer server) throws IOException {
        Tour.of(server.address(), HttpSettings.standard(), work);
    }

    @Test
    @NeedsServer(Release.V3_17)
    void nginxTakesAPathAway(RealServer server) throws IOException {
        try (DebianProgram nginx = nginx(server)) {
            Tour.of(nginx.address() + "/team", HttpSettings.standard(), work.resolve("tour"), LIMIT);
        }
    }

    @Test
    @NeedsServer(Release.V3_17)
    void nginxLimitsWhatIsSent(RealServer server) throws IOException {
        try (DebianProgram nginx = nginx(server);
                HttpBackend backend = HttpBackend.at(nginx.address() + "/team", HttpSettings.standard());
                Mlops mlops = Mlops.using(backend, Straight.CONFIG)) {
            Run run = mlops.tracker().start(RunSpec.of("nginx " + UUID.randomUUID()));
            assertThatThrownBy(() -> run.artifacts().put("weights.bin", Content.of(new byte[2 * LIMIT])))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContainingAll("413", "nginx", "client_max_body_size");
            run.complete();
            assertThat(mlops.delivery().dropped()).isEmpty();
        }
    }

    @Test
    @NeedsServer(Release.V3_17)
    void nginxGivesASlowServerUp(RealServer server) throws Exception {
        try (DebianProgram nginx = nginx(server);
                HttpBackend backend = HttpBackend.at(nginx.address() + "/team", HttpSettings.standard());
                Mlops mlops = Mlops.using(backend, Straight.CONFIG)) {
            Run run = mlops.tracker().start(RunSpec.of("nginx " + UUID.randomUUID()));
            run.metric("loss", 1, 0);
            assertThat(run.flush(Duration.ofMinutes(1))).isTrue();
            server.pause();
            CompletableFuture<Void> later;
            try {
                run.metric("loss", 2, 1);
                later = CompletableFuture.runAsync(() -> run.artifacts().putText("a.txt", "a"));
                nginx.awaitInLog("access.log", "\" 504 ");
            } finally {
                server.resume();
            }
            later.get(1, TimeUnit.MINUTES);
            run.complete();
            assertThat(mlops.delivery().dropped()).isEmpty();
            assertThat(mlops.tracker().history(run.id(), "loss").stream().count())
                    .isEqualTo(2);
            assertThat(mlops.tracker().artifacts(run.id()).find("a.txt")).isPresent();
        }
    }

    private DebianProgram nginx(RealServer server) throws IOException {
        int port = DebianProgram.freePort();
        Path folder = Files.createDirectories(work.resolve("nginx"));
        Files.writeString(folder.resolve("nginx.conf"), String.format(Locale.ROOT, """
                worker_processes 1;
                pid nginx.pid;
                error_log error.log;
                events { worker_connections 64; }
                http {
                    access_log access.log;
                    client_body_temp_path body;
                    proxy_temp_path proxy;
                    fastcgi_temp_path fastcgi;
                    uwsgi_temp_path uwsgi;
                    scgi_temp_path scgi;
                    server {
                        listen 127.0.0.1:%d;
                        location /team/ {
                            proxy_pass %s/;
                            proxy_read_timeout 1s;
                        }
                    }
                }
                """, port, server.address()));
        return DebianProgram.start(
                "nginx",
                port,
                folder,
                "-p",
                folder + "/",
                "-c",
                folder + "/nginx.conf",
                "-e",
                folder + "/error.log",
                "-g",
                "daemon off; user root;");
    }

    @Test
    @NeedsServer(Release.V3_17)
    void squidWantsAPassword(RealServer server) throws Exception {
        Path folder = Files.createTempDirectory(Path.of("/tmp"), "squid");
        try (DebianProgram squid = squid(folder)) {
            String proxy = squid.address().replace("http://", "http://me:s3cret%2Fword@");
            Tour.of(server.address(), HttpSettings.standard().proxy(proxy), work.resolve("tour"));
            squid.awaitInLog("access.log", " me ");
            HttpSettings wrong = HttpSettings.standard().proxy(proxy.replace("s3cret", "wr0ng"));
            try (HttpBackend backend = HttpBackend.at(server.address(), wrong)) {
                assertThatThrownBy(() -> backend.experiments().find("any"))
                        .isInstanceOf(RefusedException.class)
                        .hasMessageContainingAll("407", "The proxy wants user and password")
                        .hasMessageNotContaining("wr0ng");
            }
        } finally {
            for (String file : List.of("password", "squid.conf", "access.log", "cache.log", "printed.log", "")) {
                boolean unused = Files.deleteIfExists(folder.resolve(file));
            }
        }
    }

    /** It does not run as root, and cannot enter the folders of root's tests. */
    private static DebianProgram squid(Path folder) throws IOException {
        int port = DebianProgram.freePort();
        Path password = Files.writeString(folder.resolve("password"), """
                #!/bin/sh
                # Says OK to the one user that there is; what it reads may be encoded as in addresses.
                while read -r line; do
                    case "$line" in "me s3cret/word"|"me s3cret%2"[Ff]"word") echo OK;; *) echo ERR;; esac
                done
                """);
        if (!password.toFile().setExecutable(true, false)) {
            throw new IOException("cannot make " + password + " a program");
        }
        Files.writeString(
                folder.resolve("squid.conf"), String.format(Locale.ROOT, """
                http_port 127.0.0.1:%d
                auth_param basic program %s
                auth_param basic realm proxy
                acl known proxy_auth REQUIRED
                http_access allow known
                http_access deny all
                cache deny all
                cache_effective_user proxy
                access_log stdio:%s/access.log
                cache_log %s/cache.log
                pid_filename none
                coredump_dir %s
                pinger_enable off
                shutdown_lifetime 0 seconds
                """, port, password, folder, folder, folder));
        UserPrincipalLookupService users = folder.getFileSystem().getUserPrincipalLookupService();
        Files.setOwner(folder, users.lookupPrincipalByName("proxy"));
        // Of what it shares among its processes it keeps the names for good unless each has a name of its own.
        return DebianProgram.start("squid", port, folder, "-N", "-n", "mlops" + port, "-f", folder + "/squid.conf");
    }
}
