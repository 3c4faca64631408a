package io.mlops.samples.boot;

import io.mlops.api.artifact.Content;
import io.mlops.api.registry.ModelHandle;
import io.mlops.api.tracker.Run;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Scores one customer, or a batch that is kept as an artifact; each risk becomes a point of the run. */
@RestController
final class ScoreController {
    private final ModelHandle<ChurnModel> churn;
    private final Run answers;

    ScoreController(ModelHandle<ChurnModel> churn, Run answers) {
        this.churn = churn;
        this.answers = answers;
    }

    @GetMapping("/score")
    double score(@RequestParam double age, @RequestParam double visits) {
        return score(new Customer(age, visits));
    }

    @PostMapping("/score")
    List<Double> scoreAll(@RequestBody List<Customer> customers) {
        List<Double> risks = customers.stream().map(this::score).toList();
        byte[] text = (customers + "\n" + risks + "\n").getBytes(StandardCharsets.UTF_8);
        answers.artifacts().put("batches/" + UUID.randomUUID() + ".txt", Content.of(text));
        return risks;
    }

    private double score(Customer customer) {
        double risk = churn.call(model -> model.risk(customer));
        answers.metric("risk", risk);
        return risk;
    }
}
