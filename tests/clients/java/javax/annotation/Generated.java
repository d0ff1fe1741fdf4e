package javax.annotation;

/** What generated code is marked with: a project has it from jakarta.annotation-api, as the generated pom.xml says. */
public @interface Generated {
  String[] value();

  String comments() default "";
}
