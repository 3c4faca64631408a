/**
 * Tests of what every backend must do, which anyone's backend can run; the package is open, since JUnit calls them.
 */
module io.mlops.contract {
    requires transitive io.mlops.api;
    requires transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;
    requires static org.jspecify;

    exports io.mlops.contract;

    opens io.mlops.contract;
}
