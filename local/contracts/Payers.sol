// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// Contracts that pay, or refuse to be paid, on test chains.

interface IToken {
    function transfer(address to, uint256 value) external returns (bool);
}

/// Sends the coins that it gets on to the address in its call data: a transfer inside, which neither the transaction nor a log shows.
contract Forwarder {
    fallback() external payable {
        address to = address(uint160(uint256(bytes32(msg.data[:32]))));
        (bool done, ) = to.call{value: msg.value}("");
        require(done);
    }
}

/// Refuses every call.
contract Reverter {
    fallback() external payable {
        revert();
    }
}

/// Pays several addresses in one transaction. Its storage says whom and how much, so a test decides that when the block is mined:
/// slot 0 the token, slot 1 how many payouts, then an address and a value for each.
contract Disperser {
    fallback() external {
        address token;
        uint256 count;
        assembly {
            token := sload(0)
            count := sload(1)
        }
        for (uint256 i = 0; i < count; i++) {
            address to;
            uint256 value;
            assembly {
                to := sload(add(2, mul(2, i)))
                value := sload(add(3, mul(2, i)))
            }
            IToken(token).transfer(to, value);
        }
    }
}
