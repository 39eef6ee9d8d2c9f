// A CDK app in which the packaged template is one stack. `make package BUCKET=…` writes the template before; then
// `npx cdk deploy --app "node app.mjs"`. The translated one: CDK does not know SAM's own references, such as to a function's alias.
import { App, CfnOutput, Stack, Tags } from "aws-cdk-lib";
import { CfnInclude } from "aws-cdk-lib/cloudformation-include";

const template = process.argv[2] ?? "../../../.aws-sam/packaged.json";

class PayCoreX extends Stack {
  constructor(scope, id, { parameters, ...props }) {
    super(scope, id, props);
    // Logical ids stay as they are, so an existing stack of `sam deploy` can be taken over under its name.
    this.included = new CfnInclude(this, "Template", { templateFile: template, preserveLogicalIds: true, parameters });
  }

  // What other stacks of the app need, such as a certificate's owner or a dashboard.
  get apiId() {
    return this.included.getResource("Api").ref;
  }
}

const app = new App({ outdir: "cdk.out" });
const stack = new PayCoreX(app, "PayCoreX", {
  stackName: "paycorex-staging",
  // Every parameter that is named here is fixed in the synthesised template; the others stay parameters.
  parameters: { Stage: "staging", RegistrationMode: "closed" },
});
Tags.of(stack).add("application", "paycorex");
new CfnOutput(stack, "ExampleApiId", { value: stack.apiId });
app.synth();
