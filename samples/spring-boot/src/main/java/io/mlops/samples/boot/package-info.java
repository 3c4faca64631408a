/** A service in Spring Boot that answers with a model and records what it answered. */
package io.mlops.samples.boot;
