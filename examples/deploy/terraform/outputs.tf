output "api_url" {
  description = "Where clients send requests."
  value       = aws_cloudformation_stack.paycorex.outputs["ApiUrl"]
}

output "web_url" {
  description = "The merchant's page."
  value       = aws_cloudformation_stack.paycorex.outputs["WebUrl"]
}

output "proof_key_arn" {
  description = "The key that seals the ledger: a verifier needs its public half."
  value       = aws_cloudformation_stack.paycorex.outputs["ProofKeyArn"]
}
