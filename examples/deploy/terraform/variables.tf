variable "region" {
  type        = string
  description = "Where the stack is."
}

variable "stack_name" {
  type        = string
  description = "Every name of the stack begins with it."
  default     = "paycorex-staging"
}

variable "stage" {
  type        = string
  description = "staging or prod."
  validation {
    condition     = contains(["staging", "prod"], var.stage)
    error_message = "The stage is staging or prod."
  }
}

variable "architecture" {
  type        = string
  description = "What the layers were built for: arm64 or x86_64."
}

variable "artifact_bucket" {
  type        = string
  description = "The bucket that `make package` uploaded to, in the same region."
}

variable "packaged_template" {
  type        = string
  description = "What `make package` wrote."
  default     = "../../../.aws-sam/packaged.yaml"
}

variable "registration_mode" {
  type        = string
  description = "Whether merchants may register themselves: open or closed."
  default     = "closed"
}

variable "alarm_topic_arn" {
  type        = string
  description = "SNS topic for alarms."
  default     = ""
}

variable "domain_name" {
  type        = string
  description = "A domain of your own for the API, or nothing."
  default     = ""
}

variable "certificate_arn" {
  type        = string
  description = "The domain's certificate."
  default     = ""
}

variable "hosted_zone_id" {
  type        = string
  description = "The domain's zone in Route 53, or nothing."
  default     = ""
}

variable "base_path" {
  type        = string
  description = "First part of every path below the domain, or nothing."
  default     = ""
}

variable "firewall" {
  type        = bool
  description = "Whether the stack makes a web ACL."
  default     = false
}
