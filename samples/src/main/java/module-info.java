/** Programs to learn from, one main for each story. */
@SuppressWarnings("requires-automatic") // Tribuo ships no module descriptors
module io.mlops.samples {
    requires io.mlops.api;
    requires io.mlops.core;
    requires com.oracle.labs.mlrg.olcut;
    requires de.siegmar.fastcsv;
    requires java.logging;
    requires me.tongfei.progressbar;
    requires org.tribuo.classification.core;
    requires org.tribuo.classification.sgd;
    requires org.tribuo.core;
    requires org.tribuo.math;
    requires static org.jspecify;

    // so that run.params(…) can read our records
    opens io.mlops.samples to
            io.mlops.api;
}
