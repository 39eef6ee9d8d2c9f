# The stack of the packaged template, kept by Terraform. `make package BUCKET=…` writes .aws-sam/packaged.yaml before.

terraform {
  required_version = ">= 1.6"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.60"
    }
  }
}

provider "aws" {
  region = var.region
}

# The template is larger than a request may be, so CloudFormation reads it from the bucket. Its name has its hash: a new one is a change.
resource "aws_s3_object" "template" {
  bucket      = var.artifact_bucket
  key         = "paycorex/${filesha256(var.packaged_template)}.yaml"
  source      = var.packaged_template
  source_hash = filesha256(var.packaged_template)
}

resource "aws_cloudformation_stack" "paycorex" {
  name         = var.stack_name
  template_url = "https://${var.artifact_bucket}.s3.${var.region}.amazonaws.com/${aws_s3_object.template.key}"
  capabilities = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]

  # All that an operator decides is passed at each deployment: a parameter that is left out keeps its value of before.
  parameters = {
    Stage            = var.stage
    Architecture     = var.architecture
    RegistrationMode = var.registration_mode
    AlarmTopicArn    = var.alarm_topic_arn
    DomainName       = var.domain_name
    CertificateArn   = var.certificate_arn
    HostedZoneId     = var.hosted_zone_id
    BasePath         = var.base_path
    Firewall         = tostring(var.firewall)
  }

  # Money: nothing here may take the stack away by accident. Its tables and keys are kept even then.
  lifecycle {
    prevent_destroy = true
  }

  timeouts {
    create = "45m"
    update = "45m"
  }
}
