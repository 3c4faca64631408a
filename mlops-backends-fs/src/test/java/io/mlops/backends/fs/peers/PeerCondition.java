package io.mlops.backends.fs.peers;

import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The condition behind {@link NeedsPeer}, which decides whether a test runs. */
final class PeerCondition implements ExecutionCondition {
    private static final ExtensionContext.Namespace SAID = ExtensionContext.Namespace.create(PeerCondition.class);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return context.getElement()
                .flatMap(test -> Optional.ofNullable(test.getAnnotation(NeedsPeer.class)))
                .map(NeedsPeer::value)
                .filter(peer -> !peer.present())
                .map(peer -> absent(peer, context))
                .orElse(ConditionEvaluationResult.enabled("every peer is there"));
    }

    private static ConditionEvaluationResult absent(Peer peer, ExtensionContext context) {
        if (Peer.required()) {
            throw new IllegalStateException(peer.absence());
        }
        Object unused = context.getRoot().getStore(SAID).getOrComputeIfAbsent(peer, PeerCondition::say);
        return ConditionEvaluationResult.disabled(peer.absence());
    }

    private static Peer say(Peer peer) {
        System.out.println(peer.absence());
        return peer;
    }
}
